package disk

import (
	"path/filepath"
	"testing"

	"github.com/startkit/startkit/internal/tree"
)

// scene is a repository before and after edits of every kind.
type scene struct {
	name   string
	before map[string]string
	edits  []tree.Edit
}

// scenes differ in where the transaction's folder lies.
func scenes() []scene {
	files := map[string]string{
		"user.txt":         "never touched",
		"README.md":        "old words",
		"run":              "#!/bin/sh",
		"same.txt":         "same",
		"gone/deep/er.txt": "bye",
		"half/gone.txt":    "bye",
		"half/user.txt":    "stays",
		"shape":            "a file",
		"dir/one/a.txt":    "a",
		"dir/b.txt":        "b",
	}
	edits := []tree.Edit{
		{Path: "README.md", Before: file("old words"), After: file("new words")},
		{Path: "run", Before: file("#!/bin/sh"), After: script("#!/bin/sh")},
		{Path: "same.txt", Before: file("same"), After: file("same")},
		{Path: "fresh/and/deep.txt", After: file("hello")},
		{Path: "fresh/run", After: script("hello")},
		{Path: "half/new.txt", After: file("")},
		{Path: "gone/deep/er.txt", Before: file("bye")},
		{Path: "half/gone.txt", Before: file("bye")},
		{Path: "shape", Before: file("a file")},
		{Path: "shape/now/folder.txt", After: file("in a folder")},
		{Path: "dir/one/a.txt", Before: file("a")},
		{Path: "dir/b.txt", Before: file("b")},
		{Path: "dir", After: file("a file")},
	}
	withGit := map[string]string{".git/HEAD": "ref: refs/heads/main\n"}
	worktree := map[string]string{".git": "gitdir: /somewhere/else\n"}
	for name, text := range files {
		withGit[name], worktree[name] = text, text
	}
	return []scene{{"git", withGit, edits}, {"worktree", worktree, edits}, {"bare", files, edits}}
}

// set makes the scene's repository as it is before the edits.
func (s scene) set(t testing.TB) string {
	t.Helper()
	root := filepath.Join(scratch(t), "app")
	lay(t, root, s.before)
	return root
}

// states are the snapshots before and after.
func (s scene) states(t testing.TB) (old, new map[string]string) {
	t.Helper()
	root := s.set(t)
	old = snapshot(t, root)
	if err := Apply(root, s.edits); err != nil {
		t.Fatal(err)
	}
	return old, snapshot(t, root)
}

func TestApplyMakesEveryKindOfEdit(t *testing.T) {
	for _, s := range scenes() {
		old, got := s.states(t)
		want := map[string]string{
			".": "drwxr-xr-x", "user.txt": "-rw-r--r-- never touched", "README.md": "-rw-r--r-- new words",
			"run": "-rwxr-xr-x #!/bin/sh", "same.txt": "-rw-r--r-- same", "fresh": "drwxr-xr-x",
			"fresh/and": "drwxr-xr-x", "fresh/and/deep.txt": "-rw-r--r-- hello", "fresh/run": "-rwxr-xr-x hello",
			"half": "drwxr-xr-x", "half/new.txt": "-rw-r--r-- ", "half/user.txt": "-rw-r--r-- stays",
			"shape": "drwxr-xr-x", "shape/now": "drwxr-xr-x", "shape/now/folder.txt": "-rw-r--r-- in a folder",
			"dir": "-rw-r--r-- a file",
		}
		for _, name := range []string{".git", ".git/HEAD"} {
			if text, ok := old[name]; ok {
				want[name] = text
			}
		}
		same(t, s.name, want, got)
	}
}

func TestApplyBackAndForthChangesNothing(t *testing.T) {
	for _, s := range scenes() {
		root := s.set(t)
		old := snapshot(t, root)
		if err := Apply(root, s.edits); err != nil {
			t.Fatal(err)
		}
		if err := Apply(root, reversed(s.edits)); err != nil {
			t.Fatal(err)
		}
		same(t, s.name, old, snapshot(t, root))
	}
}

func reversed(edits []tree.Edit) []tree.Edit {
	var back []tree.Edit
	for _, e := range edits {
		back = append(back, tree.Edit{Path: e.Path, Before: e.After, After: e.Before})
	}
	return back
}

// TestEveryStepMayFailOnce is the disk that is full, the permission that is
// missing, for one moment: whatever Apply answers is then true of the disk.
func TestEveryStepMayFailOnce(t *testing.T) {
	for _, s := range scenes() {
		old, new := s.states(t)
		for n := 1; ; n++ {
			root := s.set(t)
			count := failing(t, n, false)
			err := Apply(root, s.edits)
			step = nil
			now := snapshot(t, root)
			if err == nil {
				same(t, s.name+": done", new, withoutEmptied(withoutHome(now)))
			} else {
				same(t, s.name+": "+err.Error(), old, withoutHome(now))
			}
			settled(t, root, now)
			if *count < n {
				break
			}
		}
	}
}

// settled checks that nothing is left of a transaction but what the next
// Recover clears without a word about what the repository holds.
func settled(t *testing.T, root string, now map[string]string) {
	t.Helper()
	if _, err := Recover(root); err != nil {
		t.Error(err)
	}
	got := snapshot(t, root)
	same(t, "after Recover", withoutHome(now), got)
}

func withoutHome(all map[string]string) map[string]string {
	rest := map[string]string{}
	for name, text := range all {
		if inHome(name) {
			continue
		}
		rest[name] = text
	}
	return rest
}

// withoutEmptied forgets the folders that a deletion emptied: if one cannot be
// removed it stays.
func withoutEmptied(all map[string]string) map[string]string {
	if _, ok := all["gone/deep/er.txt"]; !ok {
		delete(all, "gone/deep")
		delete(all, "gone")
	}
	return all
}

func inHome(name string) bool {
	for _, home := range []string{gitHome, bareHome} {
		if name == home || len(name) > len(home) && name[:len(home)+1] == home+"/" {
			return true
		}
	}
	return false
}

// TestEveryStepMayBeTheLast kills the process, in effect, at every step of
// Apply, and then at every step of the Recover that follows.
func TestEveryStepMayBeTheLast(t *testing.T) {
	for i, s := range scenes() {
		old, new := s.states(t)
		seen := map[Outcome]int{}
		stride := 1
		if i > 0 || testing.Short() {
			stride = 7
		}
		for n := 1; ; n++ {
			count := 0
			for m := 1 + n%stride; ; m += stride {
				root := s.set(t)
				c := failing(t, n, true)
				_ = Apply(root, s.edits)
				count = *c
				r := failing(t, m, true)
				_, _ = Recover(root)
				step = nil
				got, err := Recover(root)
				if err != nil {
					t.Fatalf("%s: step %d, %d: %v", s.name, n, m, err)
				}
				seen[got.Outcome]++
				oneOf(t, got, snapshot(t, root), old, new)
				if *r < m {
					break
				}
			}
			if count < n {
				break
			}
		}
		if seen[Finished] == 0 || seen[Undone] == 0 || seen[Nothing] == 0 {
			t.Errorf("%s: outcomes %v", s.name, seen)
		}
	}
}

// oneOf checks that the disk is in the state that Recover says.
func oneOf(t *testing.T, r Recovery, now map[string]string, states ...map[string]string) {
	t.Helper()
	old, new := states[0], states[1]
	if len(r.Kept) != 0 {
		t.Errorf("kept %v", r.Kept)
	}
	switch {
	case equal(now, old) && r.Outcome != Finished:
	case equal(now, new) && r.Outcome != Undone:
	default:
		same(t, "neither old nor new; "+r.Outcome.String()+"; against the new", new, now)
	}
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, text := range a {
		if b[name] != text {
			return false
		}
	}
	return true
}
