package disk

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecoverWhereNothingHappened(t *testing.T) {
	for _, s := range scenes() {
		root := s.set(t)
		before := snapshot(t, root)
		step = func(op string, paths ...string) error { t.Error(op, paths); return nil }
		got, err := Recover(root)
		step = nil
		if diff := cmp.Diff(Recovery{}, got); diff != "" || err != nil {
			t.Error(err, diff)
		}
		same(t, s.name, before, snapshot(t, root))
	}
}

func TestRecoverNamesThePaths(t *testing.T) {
	s := scenes()[0]
	root := s.set(t)
	cut(t, func() { _ = Apply(root, s.edits) })
	got, err := Recover(root)
	if err != nil {
		t.Fatal(err)
	}
	want := Recovery{Outcome: Finished, Paths: []string{"README.md", "dir", "dir/b.txt", "dir/one/a.txt", "fresh/and/deep.txt",
		"fresh/run", "gone/deep/er.txt", "half/gone.txt", "half/new.txt", "run", "shape", "shape/now/folder.txt"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// cut kills f, in effect, right after the journal was written.
func cut(t *testing.T, f func()) {
	t.Helper()
	written := false
	step = func(op string, paths ...string) error {
		if op == "rename" && filepath.Base(last(paths)) == forward {
			written = true
			return nil
		}
		if written {
			return errInjected
		}
		return nil
	}
	f()
	step = nil
	if !written {
		t.Fatal("no journal was written")
	}
}

func TestRecoverAfterGitInit(t *testing.T) {
	s := scenes()[2]
	_, new := s.states(t)
	root := s.set(t)
	cut(t, func() { _ = Apply(root, s.edits) })
	mkdir(t, filepath.Join(root, ".git"))
	if err := Apply(root, s.edits); !errors.Is(err, ErrUnfinished) {
		t.Errorf("got %v", err)
	}
	got, err := Recover(root)
	if err != nil || got.Outcome != Finished {
		t.Fatal(got, err)
	}
	now := snapshot(t, root)
	delete(now, ".git")
	same(t, "root", new, now)
}

func TestRecoverGoesBackIfTheNewVersionsAreGone(t *testing.T) {
	s := scenes()[0]
	old, _ := s.states(t)
	root := s.set(t)
	cut(t, func() { _ = Apply(root, s.edits) })
	if err := os.RemoveAll(filepath.Join(root, gitHome, freshDir)); err != nil {
		t.Fatal(err)
	}
	got, err := Recover(root)
	if err != nil || got.Outcome != Undone || got.Kept != nil {
		t.Error(got, err)
	}
	same(t, "root", old, snapshot(t, root))
}

func TestRecoverSaysWhatItCannotUndo(t *testing.T) {
	s := scenes()[0]
	_, new := s.states(t)
	root := s.set(t)
	dieAt(t, "rename", "app/fresh/run", func() { _ = Apply(root, s.edits) })
	for _, dir := range []string{freshDir, staleDir} {
		if err := os.RemoveAll(filepath.Join(root, gitHome, dir)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Recover(root)
	want := []Kept{{Path: "run"}, {Path: "README.md"}, {Path: "dir/b.txt"}, {Path: "dir/one/a.txt"}, {Path: "shape"}, {Path: "half/gone.txt"}, {Path: "gone/deep/er.txt"}}
	if diff := cmp.Diff(want, got.Kept); diff != "" || err != nil || got.Outcome != Undone {
		t.Error(got.Outcome, err, diff)
	}
	if now := snapshot(t, root); now["README.md"] != new["README.md"] {
		t.Errorf("README.md is %q", now["README.md"])
	}
}

// dieAt kills f, in effect, before it makes a change of that kind to a path of
// that end.
func dieAt(t *testing.T, what, end string, f func()) {
	t.Helper()
	dead := false
	step = func(op string, paths ...string) error {
		if op == what && strings.HasSuffix(last(paths), end) {
			dead = true
		}
		if dead {
			return errInjected
		}
		return nil
	}
	f()
	step = nil
	if !dead {
		t.Fatalf("no %s of %s", what, end)
	}
}

func TestNoFolderBehindALinkIsRemoved(t *testing.T) {
	s := scenes()[0]
	root := s.set(t)
	dieAt(t, "remove", "app/gone/deep", func() { _ = Apply(root, s.edits) })
	mkdir(t, filepath.Join(root, "else", "deep"))
	if err := os.RemoveAll(filepath.Join(root, "gone")); err != nil {
		t.Fatal(err)
	}
	symlink(t, "else", filepath.Join(root, "gone"))
	if _, err := Recover(root); err != nil {
		t.Fatal(err)
	}
	if now := snapshot(t, root); now["else/deep"] == "" || now["gone"] == "" {
		t.Error("a folder of the owner's is gone")
	}
}

// TestGitSeesNothing runs git status in the middle of a transaction.
func TestGitSeesNothing(t *testing.T) {
	git := func(dir string, args ...string) string {
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=b@c.example"}, args...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Skip(err, string(out))
		}
		return string(out)
	}
	top := scratch(t)
	main, tree, sub := filepath.Join(top, "main"), filepath.Join(top, "tree"), filepath.Join(top, "main", "sub")
	lay(t, main, map[string]string{"a.txt": "1", "sub/a.txt": "1"})
	git(main, "init", "-q")
	git(main, "add", ".")
	git(main, "commit", "-qm", "x")
	git(main, "worktree", "add", "-q", tree)
	for _, root := range []string{main, tree, sub} {
		seen := ""
		step = func(op string, paths ...string) error {
			if op == "rename" && filepath.Base(last(paths)) == forward {
				seen = git(root, "status", "--short")
			}
			return nil
		}
		err := Apply(root, scenes()[2].edits[3:5])
		step = nil
		if err != nil || seen != "" {
			t.Errorf("%s: git saw %q, %v", root, seen, err)
		}
		if err := Apply(root, reversed(scenes()[2].edits[3:5])); err != nil {
			t.Error(err)
		}
	}
}
