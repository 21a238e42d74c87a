package disk

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/tree"
)

// snapshot is everything below a folder: path to kind, mode and content. Our
// own folder is left out, unless something was left in it.
func snapshot(t testing.TB, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text := info.Mode().String()
		switch kindOf(info.Mode()) {
		case Regular:
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text += " " + string(data)
		case Symlink:
			to, err := os.Readlink(path)
			if err != nil {
				return err
			}
			text += " " + to
		}
		rel, err := filepath.Rel(root, path)
		all[filepath.ToSlash(rel)] = text
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func file(text string) *tree.File { return &tree.File{Data: []byte(text)} }

func script(text string) *tree.File { return &tree.File{Data: []byte(text), Exec: true} }

// lay puts files on the disk without this package, path to content.
func lay(t testing.TB, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func same(t testing.TB, what string, want, got map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// failing sets the hook that fails step n, and all steps after it if dead is
// true, as if the process had been killed there. It counts the steps.
func failing(t testing.TB, n int, dead bool) *int {
	t.Helper()
	count := 0
	step = func(op string, paths ...string) error {
		count++
		if count == n || dead && count > n {
			return fmt.Errorf("%s %s: %w", op, strings.Join(paths, " "), errInjected)
		}
		return nil
	}
	t.Cleanup(func() { step = nil })
	return &count
}

var errInjected = fmt.Errorf("step %w", os.ErrDeadlineExceeded)

// last is the path that a step makes or changes.
func last(paths []string) string { return paths[len(paths)-1] }

// scratch is a folder for a test, in memory where there is such a place, since
// these tests wait for the disk thousands of times.
func scratch(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "startkit-disk-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
