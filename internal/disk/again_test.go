package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
