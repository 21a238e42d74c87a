package disk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/startkit/startkit/internal/tree"
)

func TestSmoke(t *testing.T) {
	target := filepath.Join(t.TempDir(), "app")
	s, err := Stage(target)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Stage(target); err == nil {
		t.Fatal("busy")
	} else {
		t.Log(err)
	}
	if err := s.Write(tree.Tree{"a/b.txt": {Data: []byte("x")}, "run.sh": {Data: []byte("y"), Exec: true}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := Stage(target); err == nil {
		t.Fatal("occupied")
	} else {
		t.Log(err)
	}
	f := func(s string) *tree.File { return &tree.File{Data: []byte(s)} }
	err = Apply(target, []tree.Edit{{Path: "a/b.txt", Before: f("x"), After: nil}, {Path: "a", After: f("new")}, {Path: "run.sh", Before: &tree.File{Data: []byte("y"), Exec: true}, After: f("z")}, {Path: "q/r/s", After: f("1")}})
	if err != nil {
		t.Fatal(err)
	}
	filepath.Walk(filepath.Dir(target), func(p string, i os.FileInfo, err error) error { t.Log(p, i.Mode(), err); return nil })
	t.Log(Recover(target))
	err = Apply(target, []tree.Edit{{Path: "a/b.txt", After: f("x")}, {Path: "a", Before: f("new")}, {Path: "q/r/s", Before: f("1")}})
	if err != nil {
		t.Fatal(err)
	}
	filepath.Walk(filepath.Dir(target), func(p string, i os.FileInfo, err error) error { t.Log(p, i.Mode(), err); return nil })
}
