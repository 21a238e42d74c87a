package name_test

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/name"
)

func TestCheckApp(t *testing.T) {
	for _, good := range []string{"myapp", "my-app", "a", "app2", "x-1-y", "errors", "shop"} {
		if err := name.CheckApp(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "func", "go", "a/b", `a\b`, "..", ".", "-a", "a-", "a--b", "A", "a b", "a.b", "con", "nul", "com1", "lpt9", "ä", "1a", "a_b",
		"vendor", "internal", "dev", "testdata", "startkit", strings.Repeat("a", 31), "a\x00b", "a\nb", "$(id)", "--help",
		"postgres", "public", "none", "template1", "pg", "pg-tools",
	} {
		if name.CheckApp(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestARefusedNameComesWithOneThatIsTaken(t *testing.T) {
	for bad, like := range map[string]string{
		"test": "testapp", "My Shop": "my-shop", "shop.com": "shop-com", "a_b": "a-b", "func": "funcapp", "pg": "pgapp", "pg-tools": "my-pg-tools", "postgres": "postgresapp",
		"ä": "myapp", "": "myapp", "1a": "my-1a", "con": "conapp", strings.Repeat("a", 31): strings.Repeat("a", 30), strings.Repeat("a-", 20): strings.Repeat("a-", 14) + "a",
	} {
		err := name.CheckApp(bad)
		if err == nil || !strings.HasSuffix(err.Error(), "\n    startkit new "+like) {
			t.Errorf("%q: %v, want %s", bad, err, like)
		}
		if name.CheckApp(like) != nil {
			t.Errorf("%q is refused too", like)
		}
	}
	for _, path := range []string{".", "..", "../shop", `a\b`} {
		if err := name.CheckApp(path); err == nil || !strings.HasSuffix(err.Error(), "\n    startkit new NAME --dir PATH") {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestCheckModule(t *testing.T) {
	for _, good := range []string{"example.com/myapp", "github.com/acme/my-app", "example.com", "gitlab.com/a/b/c", "example.com/App"} {
		if err := name.CheckModule(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "myapp", "fmt", "example.com/a b", "example.com/a/", "/a", "example.com/../a", "example.com/v2/v2", "example.com/con", "https://example.com/a", "example.com/a@v1"} {
		if name.CheckModule(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestCheckDomain(t *testing.T) {
	for _, good := range [][2]string{{"billing", "invoice"}, {"orders", "order"}, {"crm", "person"}, {"users", "customer"}, {"catalog", "line_item"}} {
		if err := name.CheckDomain(answers.Domain{Name: good[0], Entity: good[1], Plural: name.Plural(good[1])}); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
	for _, bad := range [][2]string{
		{"", "item"}, {"order", "item"}, {"user", "item"}, {"func", "item"}, {"errors", "item"}, {"events", "item"}, {"db", "item"}, {"a-b", "item"},
		{"a_b", "item"}, {"Billing", "item"}, {"nul", "item"}, {"pgx", "item"}, {"pgstuff", "item"}, {"main", "item"}, {"string", "item"},
		{"billing", ""}, {"billing", "Invoice"}, {"billing", "func"}, {"billing", "service"}, {"billing", "context"}, {"users", "user"}, {"teams", "member"}, {"billing", "a__b"}, {"billing", "line-item"},
		{"billing", strings.Repeat("a", 31)}, {"../x", "item"}, {"billing", "../x"},
	} {
		d := answers.Domain{Name: bad[0], Entity: bad[1], Plural: name.Plural(bad[1])}
		if name.CheckDomain(d) == nil {
			t.Errorf("%v is taken", bad)
		}
	}
	if name.CheckDomain(answers.Domain{Name: "zoo", Entity: "sheep", Plural: "sheep"}) == nil {
		t.Error("a plural that is the singular is taken")
	}
}

func TestCheckPart(t *testing.T) {
	for kind, good := range map[string][]string{
		answers.Job:       {"x", "send_reminder", "sync_windows", "run2"},
		answers.Event:     {"paid", "go", "context"},
		answers.Endpoint:  {"approve", "close", "mark_paid"},
		answers.Migration: {"add_due_date", "due_date", "create_payments", "added", strings.Repeat("a", 40)},
	} {
		for _, s := range good {
			if err := name.CheckPart(answers.Part{Kind: kind, Name: s}); err != nil {
				t.Errorf("%s: %v", s, err)
			}
		}
	}
	for kind, bad := range map[string][]string{
		answers.Job:       {"", "go", "len", "context", "audit", "SendReminder", "send__reminder", "_x", "x_", "1x", "a/b", "../x", "a.b", "ä", strings.Repeat("a", 41)},
		answers.Event:     {"Paid", "paid.v2", ""},
		answers.Endpoint:  {"select", "mark-paid", "a b", ""},
		answers.Migration: {"add_order", "order", "create", "create_user", "add_name", "version", "create_schema_migrations", "create_1", "add_1st"},
	} {
		for _, s := range bad {
			if name.CheckPart(answers.Part{Kind: kind, Name: s}) == nil {
				t.Errorf("the %s %q is taken", kind, s)
			}
		}
	}
}

func TestTheNameOfAMigrationSaysWhatItMakes(t *testing.T) {
	for s, want := range map[string]string{"create_payments": "table payments", "add_due_date": "column due_date", "due_date": "column due_date", "create": "column create", "add_": "column add_"} {
		made, table := name.Made(answers.Part{Kind: answers.Migration, Name: s})
		got := "column " + made.Snake()
		if table {
			got = "table " + made.Snake()
		}
		if got != want {
			t.Errorf("%s makes the %s, want the %s", s, got, want)
		}
	}
}

func TestWhichColumnsReadAsPersonalData(t *testing.T) {
	for s, want := range map[string]bool{"add_email": true, "billing_address": true, "user_agent": true, "add_due_date": false, "add_shipment": false, "create_mail": false} {
		if got := name.Personal(answers.Part{Kind: answers.Migration, Name: s}); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
	if name.Personal(answers.Part{Kind: answers.Job, Name: "send_mail"}) {
		t.Error("a job is a column")
	}
}

func TestPluralAndSingular(t *testing.T) {
	for singular, plural := range map[string]string{"order": "orders", "category": "categories", "box": "boxes", "branch": "branches", "day": "days", "class": "classes", "line_item": "line_items"} {
		if got := name.Plural(singular); got != plural {
			t.Errorf("Plural(%s) = %s", singular, got)
		}
		if got := name.Singular(plural); got != singular {
			t.Errorf("Singular(%s) = %s", plural, got)
		}
	}
	for _, word := range []string{"billing", "status", "analysis", "access", "crm"} {
		if got := name.Singular(word); got != "item" {
			t.Errorf("Singular(%s) = %s", word, got)
		}
	}
}

func FuzzAcceptedNamesAreSafe(f *testing.F) {
	for _, s := range []string{"myapp", "a/b", "con", "func", "line_item", "ä", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if name.CheckApp(s) == nil && (strings.ContainsAny(s, "/\\.: $`'\"\n\x00") || len(s) > 30) {
			t.Errorf("the name %q is taken", s)
		}
		d := answers.Domain{Name: s, Entity: "item", Plural: "items"}
		if name.CheckDomain(d) == nil {
			if _, err := parser.ParseFile(token.NewFileSet(), "", "package "+s+"\nvar "+s+" = 1\n", 0); err != nil {
				t.Errorf("the domain %q is taken: %v", s, err)
			}
		}
		e := answers.Domain{Name: "billing", Entity: s, Plural: name.Plural(s)}
		if name.CheckDomain(e) == nil {
			form := name.Form(s)
			src := "package p\ntype " + form.Type() + " struct{}\nfunc f() { " + form.Var() + " := 1; _ = " + form.Var() + " }\n"
			if _, err := parser.ParseFile(token.NewFileSet(), "", src, 0); err != nil {
				t.Errorf("the entity %q is taken: %v", s, err)
			}
		}
	})
}
