package forge

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// poem is long enough to be recognised after a few changes.
func poem(name string) string {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "line %d of %s\n", i, name)
	}
	return b.String()
}

// marked makes a repository with startkit.mod and four files.
func (l lab) marked() lab {
	l.Helper()
	l.known()
	l.write("startkit.mod", "1\n")
	for _, name := range []string{"one.go", "two.go", "sub/three.go", "sub/four.go"} {
		l.write(name, poem(name))
	}
	return l.begin()
}

func (l lab) move(from, to string) {
	l.Helper()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(l.dir, to)), 0o755); err != nil {
		l.Fatal(err)
	}
	if err := os.Rename(filepath.Join(l.dir, from), filepath.Join(l.dir, to)); err != nil {
		l.Fatal(err)
	}
}

func (l lab) commit() {
	l.Helper()
	l.git("add", "-A")
	l.git("commit", "-qm", "more")
}

func (l lab) wantRenames(root string, want map[string]string) {
	l.Helper()
	temp := l.TempDir()
	l.Setenv("TMPDIR", temp)
	before := index(l)
	got, err := Renames(l.Context(), root, "startkit.mod")
	if err != nil {
		l.Fatal(err)
	}
	if len(got) == 0 {
		got = nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		l.Error(diff)
	}
	if index(l) != before {
		l.Error("the look changed the index")
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		l.Errorf("left %v, %v", left, err)
	}
}

func TestRenamesFollowsEveryKindOfMove(t *testing.T) {
	l := newLab(t).marked()
	l.move("one.go", "committed.go")
	l.commit()
	l.git("mv", "two.go", "staged.go")
	l.move("sub/three.go", "fresh folder/plain\tmove.go")
	l.write("unrelated.go", "nothing like it\n")
	want := map[string]string{
		"one.go": "committed.go", "two.go": "staged.go", "sub/three.go": "fresh folder/plain\tmove.go",
	}
	l.wantRenames(l.dir, want)
}

func TestRenamesFollowsAFileThatWasMovedTwiceAndRewritten(t *testing.T) {
	l := newLab(t).marked()
	l.move("one.go", "uno.go")
	l.commit()
	l.write("uno.go", poem("something else altogether"))
	l.commit()
	l.move("uno.go", "un.go")
	l.commit()
	l.move("un.go", "eins.go")
	l.wantRenames(l.dir, map[string]string{"one.go": "eins.go"})
}

func TestRenamesStartsWhereStartkitLastWrote(t *testing.T) {
	l := newLab(t).marked()
	l.move("one.go", "uno.go")
	l.write("startkit.mod", "2\n")
	l.commit()
	l.move("two.go", "due.go")
	l.commit()
	l.wantRenames(l.dir, map[string]string{"two.go": "due.go"})
}

func TestRenamesInASubfolderAreRelativeToIt(t *testing.T) {
	l := newLab(t).known()
	l.write("app/startkit.mod", "1\n")
	l.write("app/one.go", poem("one"))
	l.write("other.go", poem("other"))
	l.begin()
	l.move("app/one.go", "app/uno.go")
	l.move("other.go", "another.go")
	l.wantRenames(filepath.Join(l.dir, "app"), map[string]string{"one.go": "uno.go"})
}

func TestRenamesForgetsWhatWasDeletedInTheEnd(t *testing.T) {
	l := newLab(t).marked()
	l.move("one.go", "uno.go")
	l.commit()
	if err := os.Remove(filepath.Join(l.dir, "uno.go")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(l.dir, "two.go")); err != nil {
		t.Fatal(err)
	}
	l.wantRenames(l.dir, nil)
}

func TestRenamesWithoutABase(t *testing.T) {
	l := newLab(t).known().begin()
	l.move("a.txt", "c.txt")
	l.wantRenames(l.dir, nil)

	unborn := newLab(t)
	unborn.git("init", "-q")
	if got, err := Renames(t.Context(), unborn.dir, "startkit.mod"); got != nil || err != nil {
		t.Errorf("before the first commit: got %v, %v", got, err)
	}
}

func TestRenamesInAWorktree(t *testing.T) {
	l := newLab(t).marked()
	tree := filepath.Join(l.home, "tree")
	l.git("worktree", "add", "-q", tree)
	if err := os.Rename(filepath.Join(tree, "one.go"), filepath.Join(tree, "uno.go")); err != nil {
		t.Fatal(err)
	}
	l.wantRenames(tree, map[string]string{"one.go": "uno.go"})
}

func TestRenamesAcrossAMerge(t *testing.T) {
	l := newLab(t).marked()
	l.git("checkout", "-qb", "side")
	l.move("one.go", "uno.go")
	l.commit()
	l.git("checkout", "-q", "main")
	l.write("two.go", poem("two.go")+"more\n")
	l.commit()
	l.git("merge", "-q", "--no-edit", "side")
	l.wantRenames(l.dir, map[string]string{"one.go": "uno.go"})
}
