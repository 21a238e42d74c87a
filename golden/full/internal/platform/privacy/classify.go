package privacy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Table is a table and what it says of itself.
type Table struct {
	Schema, Name string

	// Scope is whose the rows are: tenant, user, global or platform.
	Scope string

	// PII says whether it holds personal data.
	PII bool

	// Retention is how long rows are kept, in the words of the comment.
	Retention string

	Columns []Column
}

// Column is a column and what it says of itself; all is empty where it says nothing.
type Column struct {
	Name, Type string
	Nullable   bool

	// Class is the kind of personal data, empty for none.
	Class string

	// Erase is what happens to it when the person is erased: null, delete (the whole row) or keep; all empties it in every
	// row, whoever is erased, where nobody knows whose it is.
	Erase string

	// Export says whether the person is given a copy.
	Export bool

	// Subject is how it says whom the row is about: user, by id, or email, by address; empty if it does not.
	Subject string
}

// Subjects are the columns by which rows of a person are found.
func (t Table) Subjects() (names []string) {
	for _, c := range t.Columns {
		if c.Subject != "" {
			names = append(names, c.Name)
		}
	}
	return names
}

var scopes = []string{"tenant", "user", "global", "platform"}

// parse reads what stands before the semicolon of a comment. A word that is not among the keys is an error.
func parse(comment string, keys ...string) (map[string]string, error) {
	words, _, ok := strings.Cut(comment, ";")
	if !ok {
		return nil, errors.New("no classification that ends at a semicolon")
	}
	values := make(map[string]string)
	for _, word := range strings.Fields(words) {
		key, value, _ := strings.Cut(word, "=")
		if !slices.Contains(keys, key) || value == "" || values[key] != "" {
			return nil, fmt.Errorf("%q is no classification; expected %s", word, strings.Join(keys, "=, ")+"=")
		}
		values[key] = value
	}
	return values, nil
}

func parseTable(e entry) (Table, error) {
	t := Table{Schema: e.Schema, Name: e.Table}
	values, err := parse(e.About, "scope", "pii", "retention")
	if err == nil && (!slices.Contains(scopes, values["scope"]) || !yesOrNo(values["pii"]) || values["retention"] == "") {
		err = fmt.Errorf("expected scope=%s pii=yes|no retention=…", strings.Join(scopes, "|"))
	}
	t.Scope, t.PII, t.Retention = values["scope"], values["pii"] == "yes", values["retention"]
	return t, err
}

func parseColumn(e entry) (Column, error) {
	c := Column{Name: e.Column, Type: e.Type, Nullable: e.Nullable}
	if !strings.Contains(e.Note, "=") {
		return c, nil // a sentence, and nothing of people
	}
	values, err := parse(e.Note, "pii", "erase", "export", "subject")
	if err != nil {
		return c, err
	}
	c.Class, c.Erase, c.Export, c.Subject = values["pii"], values["erase"], values["export"] == "yes", values["subject"]
	if !slices.Contains([]string{"", "user", "email"}, c.Subject) {
		return c, errors.New("expected subject=user|email")
	}
	if c.Class == "no" {
		c.Class = ""
		return c, nil
	}
	erases := []string{"null", "delete", "keep", "all"}
	if c.Class != "" && (!slices.Contains(erases, c.Erase) || !yesOrNo(values["export"])) {
		return c, errors.New("expected pii=… erase=null|delete|all|keep export=yes|no")
	}
	return c, nil
}

func yesOrNo(value string) bool { return value == "yes" || value == "no" }

// classify makes tables of the entries, which come in order.
func classify(entries []entry) (tables []Table, err error) {
	var wrong []error
	for _, e := range entries {
		if n := len(tables); n == 0 || tables[n-1].Schema != e.Schema || tables[n-1].Name != e.Table {
			t, err := parseTable(e)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("comment on table %s.%s: %w", e.Schema, e.Table, err))
			}
			tables = append(tables, t)
		}
		c, err := parseColumn(e)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("comment on column %s.%s.%s: %w", e.Schema, e.Table, e.Column, err))
		}
		t := &tables[len(tables)-1]
		t.Columns = append(t.Columns, c)
	}
	return tables, errors.Join(wrong...)
}
