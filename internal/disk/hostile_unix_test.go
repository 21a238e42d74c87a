//go:build !windows

package disk

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/startkit/startkit/internal/tree"
)

// asNobody runs a helper as a user whom permissions bind.
func asNobody(t *testing.T, do, at string) string {
	t.Helper()
	cmd := helper(t, do, at, 0)
	if os.Getuid() == 0 {
		bin := filepath.Join(filepath.Dir(filepath.Dir(at)), "helper.test")
		data, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(bin, data, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd.Path = bin
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// nobodysFolder is a folder that asNobody may write to.
func nobodysFolder(t *testing.T) string {
	t.Helper()
	top, err := os.MkdirTemp("", "startkit-disk-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(top) })
	dir := filepath.Join(top, "work")
	mkdir(t, dir)
	if err := os.Chmod(top, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func giveAway(t *testing.T, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chown(path, 65534, 65534))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAParentThatMayNotBeWritten(t *testing.T) {
	dir := nobodysFolder(t)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(dir, "app")
	want := "stage " + target + ": mkdirat .app.startkit: permission denied\n"
	if got := asNobody(t, "stage", target); got != want {
		t.Errorf("got %q", got)
	}
}

func TestAFolderThatMayNotBeWrittenUndoesEverything(t *testing.T) {
	s := scenes()[0]
	root := filepath.Join(nobodysFolder(t), "app")
	lay(t, root, s.before)
	giveAway(t, root)
	// The last deletion but one: half of the work is done by then.
	if err := os.Chmod(filepath.Join(root, "dir/one"), 0o555); err != nil {
		t.Fatal(err)
	}
	old := snapshot(t, root)
	want := "write changes, all undone: dir/one/a.txt: removeat dir/one/a.txt: permission denied\n"
	if got := asNobody(t, "apply", root); got != want {
		t.Errorf("got %q", got)
	}
	same(t, "root", old, snapshot(t, root))
}

func TestAFolderThatSomebodyElsePutThere(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	parent := scratch(t)
	lay(t, parent, map[string]string{".app.startkit/" + marker: ""})
	giveAway(t, filepath.Join(parent, ".app.startkit"))
	before := snapshot(t, parent)
	var foreign *ForeignError
	if err := staging(filepath.Join(parent, "app")); !errors.As(err, &foreign) {
		t.Errorf("got %v", err)
	}
	same(t, "parent", before, snapshot(t, parent))
}

// TestAFullDisk applies and makes on a disk of a few pages.
func TestAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=128k,mode=755", "none", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk to be had: %v %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", dir).Run() })
	root := filepath.Join(dir, "app")
	lay(t, root, map[string]string{"a": "1", "b": "2", ".git/HEAD": ""})
	old := snapshot(t, dir)
	big := file(strings.Repeat("x", 100_000))
	err := Apply(root, []tree.Edit{
		{Path: "a", Before: file("1"), After: file("new")},
		{Path: "b", Before: file("2"), After: big},
		{Path: "c", After: big},
	})
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasPrefix(err.Error(), "stage changes, nothing was written: c: ") {
		t.Errorf("got %v", err)
	}
	same(t, "after Apply", old, snapshot(t, dir))
	err = make1(filepath.Join(dir, "new"), tree.Tree{"a": *big, "b": *big})
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasPrefix(err.Error(), "write b: ") {
		t.Errorf("got %v", err)
	}
	same(t, "after Stage", old, snapshot(t, dir))
}

// TestAFolderOnAnotherDisk cannot be renamed into.
func TestAFolderOnAnotherDisk(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{"a": "1", "z": "1"})
	dir := filepath.Join(root, "mounted")
	mkdir(t, dir)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=128k,mode=755", "none", dir).CombinedOutput(); err != nil {
		t.Skipf("no other disk to be had: %v %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", dir).Run() })
	lay(t, dir, map[string]string{"b": "1"})
	old := snapshot(t, root)
	err := Apply(root, []tree.Edit{
		{Path: "a", Before: file("1")},
		{Path: "mounted/b", Before: file("1"), After: file("2")},
		{Path: "z", Before: file("1"), After: file("2")},
	})
	if !errors.Is(err, syscall.EXDEV) {
		t.Errorf("got %v", err)
	}
	same(t, "root", old, snapshot(t, root))
}

func TestReadDoesNotWaitForAPipe(t *testing.T) {
	root := scratch(t)
	if err := syscall.Mkfifo(filepath.Join(root, "pipe"), 0o644); err != nil {
		t.Skip(err)
	}
	var odd *OddError
	if _, err := Read(root, []string{"pipe"}); !errors.As(err, &odd) || odd.Odds[0].Kind != Special {
		t.Errorf("got %v", err)
	}
}
