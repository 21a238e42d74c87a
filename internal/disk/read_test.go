package disk

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/tree"
)

func TestReadTellsFilesFromTheRest(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{"a.txt": "a", "sub/run": "#!", "real/x": "x"})
	if err := os.Chmod(filepath.Join(root, "sub/run"), 0o755); err != nil {
		t.Fatal(err)
	}
	symlink(t, "a.txt", filepath.Join(root, "link"))
	symlink(t, "nowhere", filepath.Join(root, "broken"))
	symlink(t, "real", filepath.Join(root, "alias"))
	symlink(t, "/etc", filepath.Join(root, "out"))
	got, err := Read(root, []string{"a.txt", "sub/run", "sub", "missing", "a.txt/below", "link", "broken", "alias/x", "alias/deep/x", "out/passwd"})
	if diff := cmp.Diff(tree.Tree{"a.txt": *file("a"), "sub/run": *script("#!")}, got); diff != "" {
		t.Error(diff)
	}
	var odd *OddError
	if !errors.As(err, &odd) {
		t.Fatalf("got %v", err)
	}
	want := []Odd{{"sub", Folder}, {"link", Symlink}, {"broken", Symlink}, {"alias", Symlink}, {"out", Symlink}}
	if diff := cmp.Diff(want, odd.Odds); diff != "" {
		t.Error(diff)
	}
	if got := (&OddError{want[:2]}).Error(); got != "sub is a folder, link is a symbolic link" {
		t.Errorf("got %q", got)
	}
}

func TestReadRefusesPathsThatLeaveTheRoot(t *testing.T) {
	var bad *PathError
	for _, p := range []string{"../x", "/etc/passwd", ".git/config", "a/../../x"} {
		if _, err := Read(t.TempDir(), []string{p}); !errors.As(err, &bad) {
			t.Errorf("%s: got %v", p, err)
		}
	}
	if _, err := Read("/nonexistent", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
