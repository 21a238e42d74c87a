package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/tree"
)

func TestApplyRefusesWhatIsNoLongerAsExpected(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{
		"same": "1", "changed": "2", "there": "3", "mode": "4", "idle": "5", "folder/user.txt": "6", "real/file": "7",
	})
	symlink(t, "changed", filepath.Join(root, "link"))
	symlink(t, "real", filepath.Join(root, "alias"))
	if err := os.Chmod(filepath.Join(root, "mode"), 0o755); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, root)
	err := Apply(root, []tree.Edit{
		{Path: "same", Before: file("1"), After: file("new")},
		{Path: "changed", Before: file("1"), After: file("new")},
		{Path: "there", After: file("new")},
		{Path: "missing", Before: file("1")},
		{Path: "mode", Before: file("4"), After: file("new")},
		{Path: "idle", Before: file("x"), After: file("x")},
		{Path: "folder", After: file("new")},
		{Path: "link", Before: file("2"), After: file("new")},
		{Path: "alias/file", Before: file("7"), After: file("new")},
		{Path: "alias/new", After: file("new")},
	})
	var changed *ChangedError
	var odd *OddError
	if !errors.As(err, &changed) || !errors.As(err, &odd) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]string{"missing", "changed", "there", "mode", "idle"}, changed.Paths); diff != "" {
		t.Error(diff)
	}
	odds := []Odd{{"folder", Folder}, {"link", Symlink}, {"alias", Symlink}, {"alias", Symlink}}
	if diff := cmp.Diff(odds, odd.Odds); diff != "" {
		t.Error(diff)
	}
	if err := Apply(root, []tree.Edit{{Path: "there/below", After: file("")}}); !errors.As(err, &odd) || err.Error() != "there is a file" {
		t.Errorf("below a file: %v", err)
	}
	same(t, "root", before, snapshot(t, root))
}

func TestApplyRefusesPathsThatLeaveTheRepository(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{".git/config": "", "README.md": ""})
	before := snapshot(t, root)
	for path, want := range map[string]string{
		"../out":          `"../out" is not a plain path below the root`,
		"/etc/passwd":     `"/etc/passwd" has an empty name, or is absolute`,
		".git/hooks/x":    `".git/hooks/x" belongs to git`,
		"sub/.GIT/x":      `"sub/.GIT/x" belongs to git`,
		"GIT~1/x":         `"GIT~1/x" belongs to git`,
		".startkit/lock":  `".startkit/lock" belongs to startkit`,
		"a\\..\\b":        `"a\\..\\b" has the character '\\'`,
		"aux.go":          `"aux.go" has a name that Windows reserves`,
		"Readme.md":       `"Readme.md" and "README.md", which is there, are one path on macOS and Windows`,
		"README.MD/below": `"README.MD/below" and "README.md", which is there, are one path on macOS and Windows`,
	} {
		err := Apply(root, []tree.Edit{{Path: path, After: file("")}})
		var bad *PathError
		if !errors.As(err, &bad) || err.Error() != want {
			t.Errorf("%s: got %v", path, err)
		}
	}
	same(t, "root", before, snapshot(t, root))
}

func TestApplyRefusesContradictions(t *testing.T) {
	one, two := file("1"), file("2")
	for want, edits := range map[string][]tree.Edit{
		`"a" is given twice`:                            {{Path: "a", After: one}, {Path: "a", After: two}},
		`"a" and "a" are deleted at once`:               {{Path: "a", Before: one}, {Path: "a", Before: one}},
		`"a" is written and "a" deleted at once`:        {{Path: "a", After: one}, {Path: "a", Before: one}},
		`"b" is written and "B" deleted at once`:        {{Path: "b", After: one}, {Path: "B", Before: one}},
		`"A" and "a" are one path on macOS and Windows`: {{Path: "a", After: one}, {Path: "A", After: two}},
		`"D" and "d" are one path on macOS and Windows`: {{Path: "D/x", After: one}, {Path: "d/y", After: two}},
		`"d" is both a file and a folder`:               {{Path: "d/y", After: one}, {Path: "d", After: two}},
		`"x/d" is both a file and a folder`:             {{Path: "x/d/y/z", After: one}, {Path: "x/d", After: two}},
		`"K" and "K" are one path on macOS and Windows`: {{Path: "K", After: one}, {Path: "\u212a", After: two}},
	} {
		err := Apply(t.TempDir(), edits)
		if err == nil || err.Error() != want {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

func TestApplyKeepsModesAndOwners(t *testing.T) {
	root := scratch(t)
	for name, mode := range map[string]os.FileMode{"private": 0o600, "group": 0o664, "script": 0o750, "readonly": 0o444} {
		lay(t, root, map[string]string{name: "1"})
		if err := os.Chmod(filepath.Join(root, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getuid() == 0 {
		if err := os.Chown(filepath.Join(root, "group"), 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	err := Apply(root, []tree.Edit{
		{Path: "private", Before: file("1"), After: script("2")},
		{Path: "group", Before: file("1"), After: file("2")},
		{Path: "script", Before: script("1"), After: file("2")},
		{Path: "readonly", Before: file("1"), After: script("1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"private": "-rwx------ 2", "group": "-rw-rw-r-- 2", "script": "-rw-r----- 2", "readonly": "-r-xr-xr-x 1", ".": "drwx------",
	}
	same(t, "root", want, snapshot(t, root))
	if os.Getuid() == 0 && ownerOf(t, filepath.Join(root, "group")) != 65534 {
		t.Error("the owner changed")
	}
}

func TestAnUndoBringsBackTheVeryFile(t *testing.T) {
	s := scenes()[0]
	root := s.set(t)
	readme := filepath.Join(root, "README.md")
	was, err := os.Lstat(readme)
	if err != nil {
		t.Fatal(err)
	}
	step = func(op string, paths ...string) error {
		if op == "rename" && strings.HasSuffix(last(paths), "app/fresh/run") {
			return errInjected
		}
		return nil
	}
	defer func() { step = nil }()
	err = Apply(root, s.edits)
	if want := "write changes, all undone: fresh/run: step"; !errors.Is(err, errInjected) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	now, err := os.Lstat(readme)
	if err != nil || !os.SameFile(was, now) || !was.ModTime().Equal(now.ModTime()) {
		t.Errorf("README.md is another file: %v", err)
	}
}

func TestApplyWithoutHardLinks(t *testing.T) {
	for _, s := range scenes() {
		old, _ := s.states(t)
		for _, fail := range []bool{false, true} {
			root := s.set(t)
			step = func(op string, paths ...string) error {
				if op == "link" || fail && op == "rename" && strings.HasSuffix(last(paths), "app/fresh/run") {
					return errInjected
				}
				return nil
			}
			err := Apply(root, s.edits)
			step = nil
			if (err != nil) != fail {
				t.Error(err)
			}
			if fail {
				same(t, s.name, old, snapshot(t, root))
			}
		}
	}
}

func TestASecondRunIsKeptOut(t *testing.T) {
	s := scenes()[0]
	root := s.set(t)
	step = func(op string, paths ...string) error {
		if op != "rename" {
			return nil
		}
		step = nil
		if err := Apply(root, s.edits); !errors.Is(err, ErrBusy) {
			t.Errorf("Apply: got %v", err)
		}
		if _, err := Recover(root); !errors.Is(err, ErrBusy) {
			t.Errorf("Recover: got %v", err)
		}
		return nil
	}
	defer func() { step = nil }()
	if err := Apply(root, s.edits); err != nil {
		t.Fatal(err)
	}
}

func TestApplyAsksForRecover(t *testing.T) {
	s := scenes()[0]
	root := s.set(t)
	n := 0
	step = func(op string, paths ...string) error {
		if n++; op == "remove" || n > 1000 {
			n = 1000
			return errInjected
		}
		return nil
	}
	err := Apply(root, s.edits)
	step = nil
	if err == nil || !strings.Contains(err.Error(), "half done, the next startkit goes on") {
		t.Errorf("got %v", err)
	}
	if err := Apply(root, s.edits); !errors.Is(err, ErrUnfinished) {
		t.Errorf("got %v", err)
	}
	if open, err := Unfinished(root); !open || err != nil {
		t.Errorf("Unfinished: got %v, %v", open, err)
	}
	if _, err := Recover(root); err != nil {
		t.Fatal(err)
	}
	if open, err := Unfinished(root); open || err != nil {
		t.Errorf("Unfinished, after Recover: got %v, %v", open, err)
	}
}

func TestApplyOfNothingTouchesNothing(t *testing.T) {
	if err := Apply("/nonexistent", nil); err != nil {
		t.Error(err)
	}
	if err := Apply("/nonexistent", []tree.Edit{{Path: "a", After: file("")}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
