package forge

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/tree"
)

// muddle leaves one file in every state.
func (l lab) muddle() lab {
	l.Helper()
	l.known()
	l.write(".gitignore", "*.env\n")
	for _, p := range []string{"staged", "both", "gone", "gone staged", "sub/deep", "same", "quö te\"d", "mode", "ours"} {
		l.write(p, p+"\n")
	}
	l.begin()
	l.write("staged", "1")
	l.write("both", "1")
	l.write("added", "1")
	l.git("add", "staged", "both", "added")
	l.git("rm", "-q", "gone staged")
	l.write("both", "2")
	l.write("a.txt", "changed")
	l.write("sub/deep", "changed")
	l.write("quö te\"d", "changed")
	l.write("new/file", "1")
	l.write("secret.env", "1")
	l.write("star*", "1")
	l.write("starry", "1")
	if err := os.Remove(filepath.Join(l.dir, "gone")); err != nil {
		l.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(l.dir, "mode"), 0o755); err != nil {
		l.Fatal(err)
	}
	file := func(s string) *tree.File { return &tree.File{Data: []byte(s)} }
	if err := Conflict(l.Context(), l.dir, []Sides{{Path: "ours", Base: file("1"), Ours: file("2"), Theirs: file("3")},
		{Path: "theirs", Ours: file("1"), Theirs: file("2")}}); err != nil {
		l.Fatal(err)
	}
	return l
}

var everything = []string{"a.txt", "added", "b.txt", "both", "gone", "gone staged", "mode", "new/file", "never",
	"ours", "quö te\"d", "same", "secret.env", "star*", "staged", "sub/deep", "theirs"}

func TestDirtyTellsTheStatesApart(t *testing.T) {
	l := newLab(t).muddle()
	before := index(l)
	got, err := Dirty(t.Context(), l.dir, everything)
	if err != nil {
		t.Fatal(err)
	}
	want := []Dirt{
		{"a.txt", Changed}, {"added", Changed}, {"both", Changed}, {"gone", Changed}, {"gone staged", Changed},
		{"mode", Changed}, {"ours", Unmerged}, {"quö te\"d", Changed}, {"staged", Changed}, {"sub/deep", Changed}, {"theirs", Unmerged},
		{"new/file", Untracked}, {"star*", Untracked}, {"secret.env", Untracked},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if index(l) != before {
		t.Error("the look changed the index")
	}
}

func TestDirtyInAFolderThatIsIgnored(t *testing.T) {
	l := newLab(t).known()
	l.write(".gitignore", "/build/\n")
	l.begin()
	l.write("build/deep/x", "1")
	got, err := Dirty(t.Context(), l.dir, []string{"build/deep/x", "build/deep/y"})
	if diff := cmp.Diff([]Dirt{{"build/deep/x", Untracked}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func index(l lab) string {
	l.Helper()
	data, err := os.ReadFile(filepath.Join(l.dir, ".git", "index"))
	if err != nil {
		l.Fatal(err)
	}
	return string(data)
}

func TestDirtyNamesPathsFromTheRootItWasGiven(t *testing.T) {
	l := newLab(t).muddle()
	got, err := Dirty(t.Context(), filepath.Join(l.dir, "sub"), []string{"deep"})
	if diff := cmp.Diff([]Dirt{{"deep", Changed}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestDirtyTakesMorePathsThanOneCommandLine(t *testing.T) {
	l := newLab(t).muddle()
	var paths []string
	for range 1000 {
		paths = append(paths, "a/path/that/leads/to/nothing/at/all.go")
	}
	got, err := Dirty(t.Context(), l.dir, append(paths, everything...))
	if len(got) != 14 || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := Dirty(t.Context(), l.dir, nil); got != nil || err != nil {
		t.Errorf("no paths: got %v, %v", got, err)
	}
	long := strings.Repeat("x", 9_000)
	want := [][]string{{long}, {long, "a", "b"}, {long}, {strings.Repeat(long, 2)}, {"c"}}
	if diff := cmp.Diff(want, batches([]string{long, long, "a", "b", long, strings.Repeat(long, 2), "c"})); diff != "" {
		t.Error(diff)
	}
}

func TestDirtyNamesBothEndsOfAStagedMove(t *testing.T) {
	l := newLab(t).known().begin()
	l.git("mv", "a.txt", "z.txt")
	got, err := Dirty(t.Context(), l.dir, []string{"a.txt", "z.txt"})
	if diff := cmp.Diff([]Dirt{{"a.txt", Changed}, {"z.txt", Changed}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestDirtyBeforeTheFirstCommit(t *testing.T) {
	l := newLab(t)
	l.git("init", "-q")
	l.write("a.txt", "a")
	l.write("b.txt", "b")
	l.git("add", "b.txt")
	got, err := Dirty(t.Context(), l.dir, []string{"a.txt", "b.txt"})
	if diff := cmp.Diff([]Dirt{{"b.txt", Changed}, {"a.txt", Untracked}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestDirtyOutsideOfARepository(t *testing.T) {
	l := newLab(t)
	if _, err := Dirty(t.Context(), l.dir, []string{"a"}); !errors.Is(err, ErrNoRepository) {
		t.Errorf("got %v", err)
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	l := newLab(t).known().begin()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Dirty(ctx, l.dir, []string{"a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
