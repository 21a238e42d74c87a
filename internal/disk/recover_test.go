package disk

import (
	"encoding/json"
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

func TestWhatIsDoneIsNotDoneAgain(t *testing.T) {
	s := scenes()[0]
	_, new := s.states(t)
	root := s.set(t)
	first := true
	step = func(op string, paths ...string) error {
		if op == "removeall" && !first {
			return errInjected
		}
		if op == "rename" {
			first = false
		}
		return nil
	}
	err := Apply(root, s.edits)
	step = nil
	if err != nil {
		t.Fatal(err)
	}
	if err := Apply(root, s.edits); !errors.Is(err, ErrUnfinished) {
		t.Errorf("Apply: got %v", err)
	}
	// The owner takes one file back.
	lay(t, root, map[string]string{"README.md": "old words"})
	got, err := Recover(root)
	if err != nil || got.Outcome != Finished || got.Kept != nil {
		t.Error(got, err)
	}
	new["README.md"] = "-rw-r--r-- old words"
	same(t, "root", new, snapshot(t, root))
}

func TestWhatIsUndoneIsNotUndoneAgain(t *testing.T) {
	s := scenes()[0]
	old, _ := s.states(t)
	root := s.set(t)
	failed := false
	step = func(op string, paths ...string) error {
		if op == "rename" && strings.HasSuffix(last(paths), "app/fresh/run") {
			failed = true
			return errInjected
		}
		if op == "removeall" && failed {
			return errInjected
		}
		return nil
	}
	err := Apply(root, s.edits)
	step = nil
	if err == nil {
		t.Fatal("no error")
	}
	lay(t, root, map[string]string{"README.md": "newer words", "half/new.txt": "mine"})
	got, err := Recover(root)
	if err != nil || got.Kept != nil {
		t.Error(got, err)
	}
	old["README.md"], old["half/new.txt"] = "-rw-r--r-- newer words", "-rw-r--r-- mine"
	same(t, "root", old, snapshot(t, root))
}

func TestApplyClearsWhatARunLeftThatChangedNothing(t *testing.T) {
	s := scenes()[0]
	_, new := s.states(t)
	root := s.set(t)
	dieAt(t, "create", draft, func() { _ = Apply(root, s.edits) })
	if err := Apply(root, s.edits); err != nil {
		t.Fatal(err)
	}
	same(t, "root", new, snapshot(t, root))
}

func TestApplyWaitsForAnUndoToo(t *testing.T) {
	s := scenes()[0]
	old, _ := s.states(t)
	root := s.set(t)
	n := 0
	step = func(op string, paths ...string) error {
		if op == "rename" && strings.HasSuffix(last(paths), "app/fresh/run") {
			n = 1
			return errInjected
		}
		if n > 0 {
			if n++; n > 5 {
				return errInjected
			}
		}
		return nil
	}
	_ = Apply(root, s.edits)
	step = nil
	if _, err := os.Lstat(filepath.Join(root, gitHome, back)); err != nil {
		t.Fatal(err)
	}
	if err := Apply(root, s.edits); !errors.Is(err, ErrUnfinished) {
		t.Errorf("got %v", err)
	}
	got, err := Recover(root)
	if err != nil || got.Outcome != Undone {
		t.Error(got, err)
	}
	same(t, "root", old, snapshot(t, root))
}

// TestWhatWasKeptIsToldAgain kills Recover at every step, after the owner
// changed a file.
func TestWhatWasKeptIsToldAgain(t *testing.T) {
	s := scenes()[0]
	want := []Kept{{"README.md", ".git/startkit/kept/README.md"}}
	for m := 1; ; m++ {
		root := s.set(t)
		cut(t, func() { _ = Apply(root, s.edits) })
		lay(t, root, map[string]string{"README.md": "own words"})
		count := failing(t, m, true)
		_, _ = Recover(root)
		step = nil
		_, open := os.Lstat(filepath.Join(root, gitHome, forward))
		got, err := Recover(root)
		if open == nil {
			if diff := cmp.Diff(want, got.Kept); diff != "" || err != nil {
				t.Errorf("step %d: %v %s", m, err, diff)
			}
		}
		if *count < m {
			break
		}
	}
}

func TestASecondVersionIsKeptBesideTheFirst(t *testing.T) {
	s := scenes()[0]
	for n, want := range []string{"README.md", "README.md.2", "README.md.3"} {
		root := s.set(t)
		for i := range n {
			lay(t, root, map[string]string{".git/startkit/startkit.lock": "", ".git/startkit/kept/README.md" + []string{"", ".2"}[i]: "earlier"})
		}
		cut(t, func() { _ = Apply(root, s.edits) })
		lay(t, root, map[string]string{"README.md": "own words"})
		got, err := Recover(root)
		if diff := cmp.Diff([]Kept{{"README.md", ".git/startkit/kept/" + want}}, got.Kept); diff != "" || err != nil {
			t.Error(err, diff)
		}
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

func TestRecoverLeavesAFolderOfThatNameAlone(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{".startkit/journal": "mine", ".git/startkit/journal": "mine"})
	before := snapshot(t, root)
	got, err := Recover(root)
	if err != nil || got.Outcome != Nothing {
		t.Error(got, err)
	}
	var foreign *ForeignError
	if err := Apply(root, scenes()[2].edits[3:5]); !errors.As(err, &foreign) {
		t.Errorf("Apply: got %v", err)
	}
	same(t, "root", before, snapshot(t, root))
}

// TestAJournalThatWasPlanted is a repository that brings a .startkit of its
// own making: cloned, and opened by the first command.
func TestAJournalThatWasPlanted(t *testing.T) {
	after := markOf(file("evil"))
	for name, tc := range map[string]struct {
		journal journal
		links   map[string]string
		refused bool
	}{
		"into git":      {journal{edition, []entry{{".git/hooks/pre-commit", nil, after}}, nil}, nil, true},
		"out":           {journal{edition, []entry{{"../out", nil, after}}, nil}, nil, true},
		"folders":       {journal{edition, []entry{{"a", nil, after}}, []string{"../out"}}, nil, true},
		"other edition": {journal{edition + 1, nil, nil}, nil, true},
		"through a link": {journal{edition, []entry{{"in/hooks/pre-commit", nil, after}}, nil},
			map[string]string{"in": ".git"}, false},
		"kept through a link": {journal{edition, []entry{{"there.txt", nil, after}}, nil},
			map[string]string{".startkit/kept": "../.git"}, false},
		"contents are a link": {journal{edition, []entry{{"secret", nil, after}}, nil},
			map[string]string{".startkit/new/0": "../../.git/config"}, false},
		"contents lie behind a link": {journal{edition, []entry{{"secret", nil, after}}, nil},
			map[string]string{".startkit/new": "../.git"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(scratch(t), "app")
			text, err := json.Marshal(tc.journal)
			if err != nil {
				t.Fatal(err)
			}
			lay(t, root, map[string]string{".git/config": "", ".git/0": "evil", "there.txt": "mine", ".startkit/new/0": "evil",
				".startkit/" + marker: "", ".startkit/" + forward: string(text)})
			for at, to := range tc.links {
				at = filepath.Join(root, at)
				if err := os.RemoveAll(at); err != nil {
					t.Fatal(err)
				}
				symlink(t, to, at)
			}
			outside := snapshot(t, root)
			got, err := Recover(root)
			if (err != nil) != tc.refused {
				t.Errorf("got %v, %v", got, err)
			}
			now := snapshot(t, root)
			for _, path := range []string{".", ".git", ".git/config", ".git/0", ".git/hooks", ".git/there.txt", "there.txt"} {
				if now[path] != outside[path] {
					t.Errorf("%s was %q and is %q", path, outside[path], now[path])
				}
			}
			if data, err := os.ReadFile(filepath.Join(root, "secret")); err == nil {
				t.Errorf("made a secret of %q", data)
			}
		})
	}
}

func TestABrokenJournalIsLeftAndNamed(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{".git/startkit/startkit.lock": "", ".git/startkit/journal": "{"})
	before := snapshot(t, root)
	_, err := Recover(root)
	if want := "read .git/startkit/journal: unexpected end of JSON input"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	same(t, "root", before, snapshot(t, root))
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
