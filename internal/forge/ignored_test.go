package forge

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIgnoredIsWhatGitWouldNotAdd(t *testing.T) {
	l := newLab(t).known()
	l.write(".gitignore", "cache/\n*.env\n!wanted.env\n")
	l.write("deep/cache/tracked", "1")
	l.begin()
	l.git("add", "-f", "deep/cache/tracked")
	paths := []string{"a.env", "wanted.env", "internal/cache/cache.go", "internal/cache", "deep/cache/tracked", "deep/cache/new", "star*.env", "b.txt"}
	got, err := Ignored(t.Context(), l.dir, paths)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a.env", "internal/cache/cache.go", "deep/cache/new", "star*.env"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got, err := Ignored(t.Context(), l.dir, []string{"b.txt"}); err != nil || got != nil {
		t.Errorf("of what is not: %v, %v", got, err)
	}
	if _, err := Ignored(t.Context(), t.TempDir(), paths); !errors.Is(err, ErrNoRepository) {
		t.Errorf("outside of a repository: %v", err)
	}
}
