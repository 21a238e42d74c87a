package plan

import (
	"bytes"
	"fmt"
	"slices"

	"golang.org/x/mod/semver"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/manifest"
	"github.com/startkit/startkit/internal/name"
)

// Format returns startkit.mod for answers in canonical form.
func Format(a answers.Answers) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// What %s was asked for: it made this repository, and grows it, as by\n", answers.Tool)
	fmt.Fprint(&b, "// startkit add domain billing. It reads this file and keeps it; nothing else does.\n")
	fmt.Fprintf(&b, "startkit %s\n\nname %s\n\nmodule %s\n", a.Version, a.Name, a.Module)
	if len(a.Stack) > 0 {
		fmt.Fprint(&b, "\nstack (\n")
		for _, s := range a.Stack {
			fmt.Fprintf(&b, "\t%s\n", s)
		}
		fmt.Fprint(&b, ")\n")
	}
	for _, d := range a.Domains {
		fmt.Fprintf(&b, "\ndomain %s entity %s plural %s", d.Name, d.Entity, d.Plural)
		if d.Global {
			b.WriteString(" global")
		}
		b.WriteByte('\n')
	}
	formatParts(&b, a.Parts)
	return b.Bytes()
}

// Parse reads startkit.mod. All rows must be known: a file that a later
// version wrote is refused and not half understood.
func Parse(file string, data []byte) (answers.Answers, error) {
	rows, err := manifest.Parse(file, data)
	if err != nil {
		return answers.Answers{}, err
	}
	var a answers.Answers
	for _, row := range rows {
		if err := parseRow(&a, row); err != nil {
			return a, &manifest.Error{File: file, Line: row.Line, What: err.Error()}
		}
	}
	for _, missing := range []struct{ word, value string }{{"startkit", a.Version}, {"name", a.Name}, {"module", a.Module}} {
		if missing.value == "" {
			return a, &manifest.Error{File: file, Line: 1, What: "the row " + missing.word + " is missing"}
		}
	}
	return a, nil
}

// Version reads only the version of a startkit.mod, so that one whose other
// rows are not known yet can say which startkit knows them.
func Version(file string, data []byte) (string, error) {
	rows, err := manifest.Parse(file, data)
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		if v := row.Word(1); row.Word(0) == "startkit" && semver.IsValid(v) {
			return v, nil
		}
	}
	return "", &manifest.Error{File: file, Line: 1, What: "no row says which startkit wrote it: startkit v1.2.3"}
}

func parseRow(a *answers.Answers, row manifest.Row) error {
	word := row.Word(0)
	if slices.ContainsFunc(row.Words, ofConflict) {
		return fmt.Errorf("git left a conflict here; where each side added a row, both rows are wanted")
	}
	if word == "domain" {
		d, err := parseDomain(row.Words)
		a.Domains = append(a.Domains, d)
		return err
	}
	if slices.Contains(answers.Kinds, word) {
		p, err := parsePart(row.Words)
		a.Parts = append(a.Parts, p)
		return err
	}
	if len(row.Words) != 2 {
		return fmt.Errorf("%s takes one word, not %d", word, len(row.Words)-1)
	}
	value := row.Word(1)
	switch word {
	case "startkit":
		if a.Version != "" || !semver.IsValid(value) {
			return fmt.Errorf("one row says which startkit wrote the file: startkit v1.2.3")
		}
		a.Version = value
	case "name":
		if a.Name != "" {
			return fmt.Errorf("name stands in two rows")
		}
		a.Name = value
		return name.CheckApp(value)
	case "module":
		a.Module = value
		return name.CheckModule(value)
	case "stack":
		a.Stack = append(a.Stack, value)
	default:
		return fmt.Errorf("unknown row %q; a later startkit may have written it", word)
	}
	return nil
}

// ofConflict says whether a word is a mark that a merge of git left.
func ofConflict(word string) bool {
	return slices.Contains([]string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"}, word)
}

// parseDomain reads: domain orders entity order plural orders, and global
// behind it if its rows are no tenant's.
func parseDomain(words []string) (answers.Domain, error) {
	global := len(words) == 7 && words[6] == "global"
	if len(words) != 6 && !global || words[2] != "entity" || words[4] != "plural" {
		return answers.Domain{}, fmt.Errorf("a domain row reads: domain orders entity order plural orders")
	}
	d := answers.Domain{Name: words[1], Entity: words[3], Plural: words[5], Global: global}
	return d, name.CheckDomain(d)
}
