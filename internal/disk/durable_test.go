package disk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ledger knows what was written or renamed, and is not yet on the disk: files,
// and folders whose names changed.
type ledger struct {
	t     *testing.T
	loose map[string]bool
}

func (l ledger) step(op string, paths ...string) error {
	l.t.Helper()
	path := last(paths)
	switch op {
	case "create", "mkdir":
		l.loose[path] = true
		l.loose[filepath.Dir(path)] = true
	case "link", "remove":
		l.loose[filepath.Dir(path)] = true
	case "sync", "syncdir":
		delete(l.loose, path)
	case "rename":
		if l.loose[paths[0]] {
			l.t.Errorf("%s was renamed before it was on the disk", paths[0])
		}
		l.loose[filepath.Dir(path)] = true
		delete(l.loose, path)
	}
	return nil
}

// TestNothingIsReliedUponBeforeItIsOnTheDisk follows the order of the steps:
// what a power cut may lose must never be what the next step builds on.
func TestNothingIsReliedUponBeforeItIsOnTheDisk(t *testing.T) {
	for _, s := range scenes() {
		root := s.set(t)
		l := ledger{t, map[string]bool{}}
		step = func(op string, paths ...string) error {
			if op == "rename" && filepath.Base(last(paths)) == forward {
				l.settled("the journal is written", freshDir, staleDir)
				if home := filepath.Dir(filepath.Dir(last(paths))); l.loose[home] {
					t.Errorf("%s is not on the disk when the journal is written", home)
				}
			}
			if from := paths[0]; op == "rename" && filepath.Base(filepath.Dir(from)) == freshDir {
				if home := filepath.Dir(filepath.Dir(from)); l.loose[home] {
					t.Errorf("%s is not on the disk when %s is written", home, last(paths))
				}
			}
			if op == "rename" && filepath.Base(last(paths)) == done {
				l.settled("the journal is dropped", "app")
			}
			return l.step(op, paths...)
		}
		err := Apply(root, s.edits)
		step = nil
		if err != nil {
			t.Error(err)
		}
	}
}

// settled checks that nothing below folders of these names is loose, but what
// is no part of the repository.
func (l ledger) settled(when string, folders ...string) {
	l.t.Helper()
	for path := range l.loose {
		for _, name := range folders {
			at := strings.LastIndex(path+"/", "/"+name+"/")
			if at < 0 || name == "app" && inHome(strings.TrimPrefix(path[at+len("/app"):], "/")) {
				continue
			}
			if _, err := os.Lstat(path); err == nil {
				l.t.Errorf("%s is not on the disk when %s", path, when)
			}
		}
	}
}

func TestANewRepositoryIsOnTheDiskBeforeItAppears(t *testing.T) {
	var steps []string
	step = func(op string, paths ...string) error {
		if op == "sync" || op == "rename" || op == "syncdir" {
			steps = append(steps, op)
		}
		return nil
	}
	err := make1(filepath.Join(scratch(t), "app"), generated())
	step = nil
	if got := strings.Join(steps, " "); got != "sync rename syncdir" || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestSettlingFileByFile(t *testing.T) {
	h, err := openHand(wholeNew(t))
	if err != nil {
		t.Fatal(err)
	}
	defer h.root.Close()
	if err := h.walkSync(); err != nil {
		t.Error(err)
	}
}
