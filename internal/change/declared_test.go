package change_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/tree"
)

// pkg is a package whose file a.go is about to come.
func pkg(a string, others map[string]string) tree.Tree {
	t := tree.Tree{"p/a.go": {Data: []byte(a)}}
	for p, text := range others {
		t["p/"+p] = tree.File{Data: []byte(text)}
	}
	return t
}

func TestANameThatThePackageHasAlreadyIsFound(t *testing.T) {
	const a = "package p\n\ntype Service struct{}\n\ntype send struct{}\n\nfunc (s *Service) send() {}\n"
	for other, want := range map[string]string{
		"package p\n\nconst send = 1\n":                       "send p/b.go:3",
		"package p\n\nfunc (*Service) send() {}\n":            "send p/b.go:3",
		"package p\n\ntype Service struct {\n\tsend int\n}\n": "Service p/b.go:3",
		"package p\n\nfunc (*other) send() {}\n":              " ",
		"package p_test\n\nconst send = 1\n":                  " ",
		"//go:build windows\n\npackage p\n\nconst send = 1\n": " ",
		"package p\n\nthis does not parse\n":                  " ",
	} {
		name, at := change.Declared(pkg(a, map[string]string{"b.go": other}), "p/a.go")
		if got := name + " " + at; got != want {
			t.Errorf("%q: got %q, want %q", other, got, want)
		}
	}
}

func TestAFieldAndAMethodOfOneNameAreFound(t *testing.T) {
	files := pkg("package p\n\nfunc (s *Service) send() {}\n", map[string]string{"b.go": "package p\n\ntype Service struct {\n\tsend int\n}\n"})
	if name, at := change.Declared(files, "p/a.go"); name != "send" || at != "p/b.go:4" {
		t.Errorf("%s at %s", name, at)
	}
}

func TestWhatAFileUsesAndNobodyDeclaresIsNamed(t *testing.T) {
	const a = `package p

import (
	"context"

	"github.com/jackc/pgx/v5"
	m "x.y/mail"
)

type args struct{ id InvoiceID }

func do(ctx context.Context, tx pgx.Tx, a args) error {
	m.Send(columns, len(known(a.id)))
	return gone(args{id: a.id})
}
`
	files := pkg(a, map[string]string{"b.go": "package p\n\nconst columns = 1\n\ntype InvoiceID int\n", "c_test.go": "package p_test\n\nfunc known() {}\n"})
	if diff := cmp.Diff([]string{"gone", "known"}, change.Undeclared(files, "p/a.go")); diff != "" {
		t.Error(diff)
	}
}
