package forge

import (
	"os"
	"path/filepath"
	"testing"
)

func TestInsideRepository(t *testing.T) {
	l := newLab(t).known()
	l.write(".gitignore", "/build/\n")
	l.begin()
	tree := filepath.Join(l.home, "tree")
	l.git("worktree", "add", "-q", tree)
	if err := os.MkdirAll(filepath.Join(l.home, "broken", ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		dir  string
		want bool
	}{
		{l.dir, true},
		{filepath.Join(l.dir, "not", "there", "yet"), true},
		{filepath.Join(l.dir, "build", "app"), false},
		{filepath.Join(tree, "app"), true},
		{filepath.Join(l.home, "app"), false},
		{filepath.Join(l.home, "broken", "app"), false},
		{filepath.Join(l.dir, ".git", "app"), false},
	} {
		if got := InsideRepository(t.Context(), tc.dir); got != tc.want {
			t.Errorf("%s: got %v", tc.dir, got)
		}
	}
	t.Setenv("PATH", l.home)
	if InsideRepository(t.Context(), l.dir) {
		t.Error("without git there is no repository to be nested in")
	}
}
