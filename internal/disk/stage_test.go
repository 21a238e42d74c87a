package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/tree"
)

func TestStageRefusesATargetThatIsTaken(t *testing.T) {
	for _, tc := range []struct {
		name string
		lay  func(t *testing.T, target string)
		want string
	}{
		{"one file", func(t *testing.T, target string) { lay(t, target, map[string]string{"a": ""}) }, "exists and holds 1 file"},
		{"files in folders", func(t *testing.T, target string) {
			lay(t, target, map[string]string{"a/b": "", "a/c": "", ".hidden": ""})
		}, "exists and holds 3 files"},
		{"a folder", func(t *testing.T, target string) { mkdir(t, filepath.Join(target, "empty")) }, "exists and holds folders"},
		{"a file", func(t *testing.T, target string) { lay(t, filepath.Dir(target), map[string]string{"app": ""}) }, "exists and is a file"},
		{"a link to an empty folder", func(t *testing.T, target string) {
			mkdir(t, target+"-real")
			symlink(t, target+"-real", target)
		}, "exists and is a symbolic link"},
		{"a link to nowhere", func(t *testing.T, target string) { symlink(t, "nowhere", target) }, "exists and is a symbolic link"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			parent := scratch(t)
			target := filepath.Join(parent, "app")
			tc.lay(t, target)
			before := snapshot(t, parent)
			for _, err := range []error{Vacant(target), staging(target)} {
				var taken *OccupiedError
				if !errors.As(err, &taken) || !strings.HasSuffix(err.Error(), target+" "+tc.want) {
					t.Errorf("got %v", err)
				}
			}
			same(t, "parent", before, snapshot(t, parent))
		})
	}
}

func staging(target string) error {
	s, err := Stage(target)
	if err == nil {
		_ = s.Discard()
	}
	return err
}

func mkdir(t testing.TB, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
}

func symlink(t testing.TB, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Skip(err)
	}
}

func TestStageRefusesAParentThatIsNoFolder(t *testing.T) {
	parent := scratch(t)
	lay(t, parent, map[string]string{"file": ""})
	for target, want := range map[string]string{
		"missing/app":      "no such parent folder: " + parent + "/missing",
		"missing/deep/app": "no such parent folder: " + parent + "/missing/deep",
		"file/app":         "no such parent folder: " + parent + "/file is no folder",
		"file/deep/app":    "no such parent folder: " + parent + "/file/deep is no folder",
	} {
		err := staging(filepath.Join(parent, target))
		if !errors.Is(err, ErrNoParent) || filepath.ToSlash(err.Error()) != filepath.ToSlash(want) {
			t.Errorf("%s: got %v", target, err)
		}
	}
	same(t, "parent", map[string]string{".": "drwx------", "file": "-rw-r--r-- "}, snapshot(t, parent))
}

func TestCommitReplacesAnEmptyFolder(t *testing.T) {
	target := filepath.Join(scratch(t), "app")
	mkdir(t, target)
	if err := make1(target, generated()); err != nil {
		t.Fatal(err)
	}
	same(t, "target", snapshot(t, wholeNew(t)), snapshot(t, target))
}

func TestCommitRefusesATargetThatWasTakenMeanwhile(t *testing.T) {
	for name, tc := range map[string]struct {
		take func(target string)
		want Kind
	}{
		"folder": {func(target string) { lay(t, target, map[string]string{"theirs": "1"}) }, Folder},
		"file":   {func(target string) { lay(t, filepath.Dir(target), map[string]string{"app": "1"}) }, Regular},
	} {
		parent := scratch(t)
		target := filepath.Join(parent, "app")
		s, err := Stage(target)
		if err != nil {
			t.Fatal(err)
		}
		tc.take(target)
		var taken *OccupiedError
		if err := errors.Join(s.Write(generated()), s.Commit()); !errors.As(err, &taken) || taken.Kind != tc.want {
			t.Errorf("%s: got %v", name, err)
		}
		before := snapshot(t, target)
		if err := s.Discard(); err != nil {
			t.Error(err)
		}
		same(t, name, before, snapshot(t, target))
		if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 {
			t.Errorf("%s: left %v, %v", name, entries, err)
		}
	}
}

func TestDiscardLeavesNothing(t *testing.T) {
	parent := scratch(t)
	s, err := Stage(filepath.Join(parent, "app"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(generated()); err != nil {
		t.Fatal(err)
	}
	lay(t, s.Dir(), map[string]string{".git/objects/ab/cd": "git was here"})
	if err := s.Discard(); err != nil {
		t.Error(err)
	}
	same(t, "parent", map[string]string{".": "drwx------"}, snapshot(t, parent))
	if err := s.Commit(); err == nil {
		t.Error("committed what was discarded")
	}
}

func TestAFolderThatFillsWhileItIsEmptied(t *testing.T) {
	parent := scratch(t)
	s, err := Stage(filepath.Join(parent, "app"))
	if err != nil {
		t.Fatal(err)
	}
	left := 3
	step = func(op string, paths ...string) error {
		if left--; op == "removeall" && left > 0 {
			return &os.PathError{Op: "unlinkat", Path: last(paths), Err: syscall.ENOTEMPTY}
		}
		return nil
	}
	err = s.Discard()
	step = nil
	if err != nil {
		t.Error(err)
	}
	same(t, "parent", map[string]string{".": "drwx------"}, snapshot(t, parent))
}

func TestStageLeavesAFolderOfThatNameAlone(t *testing.T) {
	for _, files := range []map[string]string{
		{".app.startkit/tree/mine.txt": "mine"},
		{".app.startkit": "a file"},
	} {
		parent := scratch(t)
		lay(t, parent, files)
		before := snapshot(t, parent)
		var foreign *ForeignError
		if err := staging(filepath.Join(parent, "app")); !errors.As(err, &foreign) {
			t.Errorf("got %v", err)
		}
		same(t, "parent", before, snapshot(t, parent))
	}
	parent := scratch(t)
	mkdir(t, filepath.Join(parent, "elsewhere"))
	symlink(t, "elsewhere", filepath.Join(parent, ".app.startkit"))
	var foreign *ForeignError
	if err := staging(filepath.Join(parent, "app")); !errors.As(err, &foreign) {
		t.Errorf("link: got %v", err)
	}
}

func TestWriteRefusesPathsThatLeaveTheFolder(t *testing.T) {
	parent := scratch(t)
	s, err := Stage(filepath.Join(parent, "app"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Discard()
	err = s.Write(tree.Tree{"fine.txt": {}, "../out": {}, "/abs": {}, "a//b": {}, "Makefile": {}, "makefile": {}})
	want := `"../out" is not a plain path below the root; "/abs" has an empty name, or is absolute; ` +
		`"a//b" has an empty name, or is absolute; "Makefile" and "makefile" are one path on macOS and Windows`
	var bad *PathError
	if !errors.As(err, &bad) || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if got := snapshot(t, s.Dir()); len(got) != 1 {
		t.Errorf("something was written: %v", got)
	}
	symlink(t, "..", filepath.Join(s.Dir(), "up"))
	if err := s.Write(tree.Tree{"up/out": {}}); err == nil {
		t.Error("wrote through a link that leads out")
	}
	if err := errors.Join(s.Write(tree.Tree{"a": *file("1")}), s.Write(tree.Tree{"a": *file("2")})); !errors.Is(err, os.ErrExist) {
		t.Errorf("wrote over a file: %v", err)
	}
}

func TestNewFilesObeyTheUmask(t *testing.T) {
	for mask, want := range map[int]map[string]string{
		0o022: {"a": "-rw-r--r-- ", "d": "drwxr-xr-x", "d/x": "-rwxr-xr-x "},
		0o002: {"a": "-rw-r--r-- ", "d": "drwxr-xr-x", "d/x": "-rwxr-xr-x "},
		0o077: {"a": "-rw------- ", "d": "drwx------", "d/x": "-rwx------ "},
	} {
		target := filepath.Join(scratch(t), "app")
		undo := umask(t, mask)
		err := make1(target, tree.Tree{"a": {}, "d/x": {Exec: true}})
		undo()
		got := snapshot(t, target)
		delete(got, ".")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("umask %03o: %v %s", mask, err, diff)
		}
	}
}
