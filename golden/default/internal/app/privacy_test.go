package app

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/myapp/internal/platform/crypto/cryptotest"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/privacy"
)

// personalNames are those that columns with personal data have.
var personalNames = regexp.MustCompile(`(^|_)(e?mail|name|phone|mobile|address|street|city|zip|ip|birth|birthday|gender|iban|user_agent)($|_)`)

func TestEveryTableSaysWhatItHoldsOfPeople(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, schemas()...)
	tables, err := privacy.New(database, cryptotest.New(t, database), schemas()).Map(t.Context())
	if err != nil {
		t.Error(err)
	}
	for _, table := range tables {
		says := func(column string) string {
			return dbtest.Value[string](t, database, `select coalesce(col_description($1::text::regclass, attnum), '') from pg_attribute
				where attrelid = $1::text::regclass and attname = $2`, table.Schema+"."+table.Name, column)
		}
		for _, c := range table.Columns {
			if personalNames.MatchString(c.Name) && !strings.Contains(says(c.Name), "pii=") {
				t.Errorf("%s.%s.%s has a name of personal data: say in a comment which, or pii=no", table.Schema, table.Name, c.Name)
			}
			if c.Class != "" && !table.PII {
				t.Errorf("%s.%s says pii=no, and its column %s has %s", table.Schema, table.Name, c.Name, c.Class)
			}
			if (c.Erase == "null" || c.Erase == "delete") && len(table.Subjects()) == 0 {
				t.Errorf("%s.%s.%s is to be erased, and no column says subject=user", table.Schema, table.Name, c.Name)
			}
		}
		if table.Scope == "tenant" && !slices.ContainsFunc(table.Columns, func(c privacy.Column) bool { return c.Name == "tenant_id" }) {
			t.Errorf("%s.%s says scope=tenant and has no tenant_id", table.Schema, table.Name)
		}
	}
}

// A right that is missing is found here, and not when the first person asks.
func TestEveryTableCanBeExportedAndErased(t *testing.T) {
	t.Parallel()
	options := dbtest.Options(t, schemas()...)
	environ := working("DATABASE_URL=" + options.URL.Reveal())
	for _, words := range []string{"export", "erase", "map"} {
		args := []string{"admin", "privacy", words, id.New().String()}
		if code, _, stderr := execute(t, environ, args...); code != 0 {
			t.Errorf("%s ends with %d: %s", words, code, stderr)
		}
	}
}

func TestAnErasedUserIsNowhereInTheDatabase(t *testing.T) {
	t.Parallel()
	s := tellStory(t)
	s.stop()
	before := fmt.Sprint(s.dump())
	if code, _, stderr := execute(t, s.environ, "admin", "privacy", "erase", s.ann.id); code != 0 {
		t.Fatalf("erase ends with %d: %s", code, stderr)
	}
	after := s.dump()
	for _, value := range s.ann.personal() {
		if !holdsText(before, value) {
			t.Errorf("%s was never stored: this test sees nothing", value)
		}
		for table, rows := range after {
			if holdsText(rows, value) {
				t.Errorf("%s is still in %s", value, table)
			}
		}
	}
	for _, value := range s.ben.personal() {
		if !holdsText(fmt.Sprint(after), value) {
			t.Errorf("%s is gone, and is another's", value)
		}
	}
	if code, stdout, stderr := execute(t, s.environ, "admin", "audit", "verify"); code != 0 || after["audit.entries"] == "" {
		t.Errorf("verify ends with %d, prints %q and %q", code, stdout, stderr)
	}
}
