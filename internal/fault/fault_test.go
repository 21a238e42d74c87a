package fault_test

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/fault"
)

var update = flag.Bool("update", false, "write testdata/errors.txt anew")

// said is every error that a user can be told, by the function that makes it.
func said() map[string]error {
	why := errors.New("permission denied")
	return map[string]error{
		"UnknownFeature": fault.UnknownFeature([]string{"kafka", "", "x"}, []string{"postgres", "redis"}),
		"ChooseProvider": fault.ChooseProvider("mail", "jobs", []string{"asynq", "river"}),
		"Conflicting":    fault.Conflicting("a", "b (needed by c)"),
		"BothProvide":    fault.BothProvide("asynq", "river", "jobs"),
		"DomainTwice":    fault.DomainTwice("billing"),
		"EntityTwice":    fault.EntityTwice("item", "billing", "crm"),
		"BadName":        fault.BadName("the name", "a/b", "is a path", "startkit new NAME --dir PATH"),
		"TwoFiles":       fault.TwoFiles("a.go", "core/files/a.go.tmpl"),
		"Interrupted":    fault.Interrupted(),
		"UnknownCommand": fault.UnknownCommand("nwe", []string{"new"}),
		"BadFlag":        fault.BadFlag(errors.New("unknown flag: --x"), "startkit new"),
		"Arguments":      fault.Arguments("startkit add domain", "NAME", 2),
		"NoName":         fault.NoName(),
		"NoAnswers":      fault.NoAnswers("a.mod", why),
		"BadAnswers":     fault.BadAnswers(errors.New("a.mod:3: unknown row \"x\"")),
		"NoPath":         fault.NoPath("x.go"),
		"NoLine":         fault.NoLine("x.go", 12),
		"NotARepository": fault.NotARepository("/tmp"),
		"OtherVersion":   fault.OtherVersion("v0.2.0", "v0.1.0", "example.com/tool"),
		"OldVersion":     fault.OldVersion("v0.1.0", "v0.2.0", "example.com/tool"),
		"DirtyFiles":     fault.DirtyFiles([]string{"README.md", "go.mod"}),
		"UnmergedFiles":  fault.UnmergedFiles([]string{"README.md"}),
		"Conflicts":      fault.Conflicts(2, false),
		"OtherRows":      fault.OtherRows("billing", true),
		"OtherRowsBack":  fault.OtherRows("billing", false),
		"OtherEntity":    fault.OtherEntity("billing", "invoice", "invoices"),
		"Odd":            fault.Odd(errors.New("a is a symbolic link")),
		"NoParent":       fault.NoParent(errors.New("no such parent folder: /a/b"), "b"),
		"Target":         fault.Target(errors.New("shop exists and holds 3 files")),
		"Declined":       fault.Declined(false),
		"Unwritten":      fault.Unwritten(why),
		"Downgrade":      fault.Downgrade("v0.2.0", "v0.1.0", "example.com/tool"),
		"WrongBase":      fault.WrongBase("v0.1.0", "v0.2.0"),
		"NoBase":         fault.NoBase("v0.1.0", why),
		"StillNeeded":    fault.StillNeeded("redis", "needed by asynq"),
		"NotThere":       fault.NotThere("redis", []string{"postgres"}),
		"UnknownKey":     fault.UnknownKey("color=red"),
		"BadVersion":     fault.BadVersion("latest"),
		"Unfinished":     fault.Unfinished(),
		"NotAsRendered":  fault.NotAsRendered(3),
		"NoToken":        fault.NoToken("github.com"),
		"BadToken":       fault.BadToken("github.com", "GH_TOKEN"),
		"NoScope":        fault.NoScope("GH_TOKEN", []string{"repo", "workflow"}),
		"NoUser":         fault.NoUser("GITHUB_TOKEN", "Resource not accessible by integration"),
		"NoRight":        fault.NoRight("acme/shop", "you are no member of acme"),
		"BadServer":      fault.BadServer(errors.New("http://x is not https; a token is sent there")),
		"BadRepository":  fault.BadRepository("acme"),
		"NoTarget":       fault.NoTarget(),
		"NeedsGit":       fault.NeedsGit("--no-git makes no repository"),
		"NoIdentity":     fault.NoIdentity(),
		"NoGit":          fault.NoGit(),
		"NotKnown":       fault.NotKnown("/tmp"),
		"Nested":         fault.Nested("/work"),
		"NoBranch":       fault.NoBranch("main"),
		"Uncommitted":    fault.Uncommitted(strings.Fields("1 2 3 4 5 6 7 8 9 10")),
		"OtherOrigin":    fault.OtherOrigin("git@a:b/c.git", "https://github.com/acme/shop.git"),
		"OtherHistory":   fault.OtherHistory("acme/shop"),
		"Moved":          fault.Moved("acme/shop", "acme/store"),
		"Archived":       fault.Archived("acme/shop"),
		"Diverged":       fault.Diverged("acme/shop", "main"),
		"Secrets":        fault.Secrets([]string{"a.go:3: a private key"}),
		"Unreachable":    fault.Unreachable("github.com", why),
		"Limited":        fault.Limited(errors.New("GitHub allows no more requests before 14:05")),
		"Stopped":        fault.Stopped("push main", why),
		"Guarded":        fault.Guarded("main"),

		"PartOfNone":     fault.PartOfNone("job", "x", "crm", []string{"billing"}),
		"InAnswers":      fault.InAnswers("startkit.mod", fault.UnknownFeature([]string{"kafka"}, []string{"postgres"})),
		"NoLicense":      fault.NoLicense("gpl", []string{"mit"}),
		"NoSetting":      fault.NoSetting("name=NAME", errors.New("the name is no name")),
		"NoDomain":       fault.NoDomain("orders", []string{"billing"}),
		"WhichDomain":    fault.WhichDomain("startkit add job send_reminder", []string{"billing", "orders"}),
		"ReadyMade":      fault.ReadyMade("identity"),
		"NoCode":         fault.NoCode("internal/domains/billing"),
		"PartTwice":      fault.PartTwice("job", "send_reminder", "billing"),
		"MadeTwice":      fault.MadeTwice("create_invoices", "billing", "the domain itself"),
		"NumberTwice":    fault.NumberTwice("add_due_date", "create_payments", fault.Number{Domain: "billing", Taken: 2, Free: 4}),
		"NoPart":         fault.NoPart("job", "send_reminder", "billing", []string{"send_invoice"}),
		"Declared":       fault.Declared("sendReminder", "internal/domains/billing/store.go:14", "startkit add job NAME --domain billing"),
		"MigrationThere": fault.MigrationThere("internal/domains/billing/migrations/0002_add_due_date.sql", "startkit add migration NAME --domain billing"),

		"NoPersonalInternal": fault.NoPersonalInternal("ada"),
	}
}

// declared lists the functions of the package that return an error.
func declared(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range files {
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !fn.Name.IsExported() || strings.HasSuffix(p, "_test.go") || fn.Type.Results == nil {
				continue
			}
			if id, ok := fn.Type.Results.List[0].Type.(*ast.Ident); ok && id.Name == "error" {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

func TestEveryErrorReadsAsItIsMeantTo(t *testing.T) {
	var b strings.Builder
	errs := said()
	for _, name := range declared(t) {
		err, ok := errs[name]
		if !ok {
			t.Errorf("%s is in no golden file", name)
			continue
		}
		fmt.Fprintf(&b, "# %s, exit %d\nstartkit: %v\n\n", name, fault.Code(err), err)
	}
	const golden = "testdata/errors.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestCodeIsZeroForNoError(t *testing.T) {
	if c := fault.Code(nil); c != 0 {
		t.Error(c)
	}
	if c := fault.Code(fmt.Errorf("add: %w", fault.NoName())); c != 2 {
		t.Error(c)
	}
	if c := fault.Code(errors.New("disk full")); c != 1 {
		t.Error(c)
	}
}
