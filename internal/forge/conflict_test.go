package forge

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/tree"
)

func TestConflictShowsThreeSides(t *testing.T) {
	l := newLab(t).known().begin()
	l.write("sub/kept.txt", "mine <<<<\n")
	head := l.git("rev-parse", "HEAD", "main")
	file := func(s string) *tree.File { return &tree.File{Data: []byte(s)} }
	err := Conflict(t.Context(), l.dir, []Sides{
		{Path: "a.txt", Base: file("base\n"), Ours: file("ours\n"), Theirs: &tree.File{Data: []byte("theirs\n\x00\xff"), Exec: true}},
		{Path: "sub/kept.txt", Base: file("base\n"), Ours: file("")},
		{Path: "new ünicode\tfile", Ours: file("get-mark :1\n"), Theirs: file("blob\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range [][2]string{
		{":1:a.txt", "base\n"}, {":2:a.txt", "ours\n"}, {":3:a.txt", "theirs\n\x00\xff"},
		{":2:sub/kept.txt", ""}, {":2:new ünicode\tfile", "get-mark :1\n"}, {":3:new ünicode\tfile", "blob\n"},
	} {
		if diff := cmp.Diff(tc[1], l.git("cat-file", "blob", tc[0])); diff != "" {
			t.Error(tc[0], diff)
		}
	}
	if modes := l.git("ls-files", "--stage", "a.txt"); modes[:7] != "100644 " || strings.Count(modes, "100755 ") != 1 {
		t.Errorf("modes: %s", modes)
	}
	status := l.git("-c", "core.quotePath=false", "status", "--short", "-z")
	if diff := cmp.Diff("UU a.txt\x00AA new ünicode\tfile\x00UD sub/kept.txt\x00", status); diff != "" {
		t.Error(diff)
	}
	if l.git("rev-parse", "HEAD", "main") != head {
		t.Error("HEAD moved")
	}
	if data, _ := os.ReadFile(filepath.Join(l.dir, "a.txt")); string(data) != "a\n" {
		t.Errorf("the file itself was touched: %q", data)
	}
}

func TestConflictBelowTheTopOfTheRepository(t *testing.T) {
	l := newLab(t).known()
	l.write("sub/x", "1\n")
	l.begin()
	err := Conflict(t.Context(), filepath.Join(l.dir, "sub"), []Sides{{
		Path: "x", Ours: &tree.File{Data: []byte("2")}, Theirs: &tree.File{Data: []byte("3")}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := l.git("status", "--short"); got != "AA sub/x\n" {
		t.Errorf("got %q", got)
	}
}

func TestConflictWithoutASideIsNone(t *testing.T) {
	l := newLab(t).known().begin()
	sides := []Sides{{Path: "a.txt"}, {Path: "b.txt", Ours: &tree.File{}}}
	if err := Conflict(t.Context(), l.dir, sides); err != nil {
		t.Fatal(err)
	}
	if got := l.git("status", "--short"); got != "AU b.txt\n" {
		t.Errorf("got %q", got)
	}
}

func TestConflictIsResolvedByAdd(t *testing.T) {
	l := newLab(t).known().begin()
	file := &tree.File{Data: []byte("a\n")}
	err := Conflict(t.Context(), l.dir, []Sides{{Path: "a.txt", Base: file, Ours: file, Theirs: file}})
	if err != nil {
		t.Fatal(err)
	}
	l.git("add", "a.txt")
	if got := l.git("status", "--short"); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestConflictInARepositoryOfAnotherHash(t *testing.T) {
	l := newLab(t).known()
	l.git("init", "-q", "--object-format=sha256")
	err := Conflict(t.Context(), l.dir, []Sides{{Path: "x", Theirs: &tree.File{Data: []byte("3")}}, {Path: "y"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := l.git("status", "--short"); got != "UA x\n" {
		t.Errorf("got %q", got)
	}
}
