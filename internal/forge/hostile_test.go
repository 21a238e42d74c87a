package forge

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/tree"
)

func TestARepositoryOfAnotherUserIsToldApart(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	l := newLab(t).known().begin()
	for _, path := range []string{l.dir, filepath.Join(l.dir, ".git")} {
		if err := os.Chown(path, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Dirty(t.Context(), l.dir, []string{"a.txt"})
	want := "git status: detected dubious ownership in repository at '" + l.dir + "'"
	if !errors.Is(err, ErrDubious) || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if !InsideRepository(t.Context(), filepath.Join(l.dir, "new")) {
		t.Error("a repository that git does not trust is one still")
	}
	if err := os.RemoveAll(filepath.Join(l.dir, ".git")); err != nil {
		t.Fatal(err)
	}
	if err := Init(t.Context(), l.dir, "begin"); !errors.Is(err, ErrDubious) {
		t.Errorf("init: got %v", err)
	}
	l.config("[safe]\n\tdirectory = *\n")
	if err := Init(t.Context(), l.dir, "begin"); err != nil {
		t.Errorf("init, once trusted: %v", err)
	}
}

func TestAStoppedGitLeavesNoLock(t *testing.T) {
	for name, want := range map[string]string{"hook": "git commit: stopped", "filter": "git add: stopped"} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t).known()
			sign := filepath.Join(l.home, "started")
			slow := filepath.Join(l.home, "hooks", "pre-commit")
			l.writeAt(slow, "#!/bin/sh\ntouch "+sign+"\nexec sleep 60\n", 0o755)
			if name == "hook" {
				l.config("[core]\n\thooksPath = " + filepath.Dir(slow) + "\n")
			} else {
				l.config("[filter \"slow\"]\n\tclean = " + slow + "\n")
				l.write(".gitattributes", "* filter=slow\n")
			}
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				for ctx.Err() == nil {
					if _, err := os.Stat(sign); err == nil {
						cancel()
					}
					time.Sleep(time.Millisecond)
				}
			}()
			err := Init(ctx, l.begun(), "begin")
			if !errors.Is(err, context.Canceled) || err.Error() != want {
				t.Errorf("got %v", err)
			}
			if _, err := os.Lstat(filepath.Join(l.dir, ".git", "index.lock")); err == nil {
				t.Error("index.lock is left")
			}
		})
	}
}

func TestAHookThatLeavesSomethingRunning(t *testing.T) {
	l := newLab(t).known()
	l.config("[core]\n\thooksPath = " + filepath.Join(l.home, "hooks") + "\n")
	l.writeAt(filepath.Join(l.home, "hooks", "post-commit"), "#!/bin/sh\nsleep 10 &\n", 0o755)
	if err := Init(t.Context(), l.begun(), "begin"); err != nil {
		t.Error(err)
	}
}

func TestNobodyWatchesAFolderThatIsAboutToMove(t *testing.T) {
	l := newLab(t).known()
	watcher := filepath.Join(l.home, "watcher")
	l.writeAt(watcher, "#!/bin/sh\ntouch "+watcher+".ran\nexit 1\n", 0o755)
	l.config("[core]\n\tfsmonitor = " + watcher + "\n")
	l.begin()
	if _, err := os.Lstat(watcher + ".ran"); err == nil {
		t.Error("the watcher was started")
	}
}

func TestALockedIndexIsAClearError(t *testing.T) {
	l := newLab(t).known().begin()
	l.write(".git/index.lock", "")
	err := Conflict(t.Context(), l.dir, []Sides{{Path: "a.txt", Ours: &tree.File{}}})
	want := "git update-index: unable to create '" + filepath.Join(l.dir, ".git", "index.lock") + "': File exists"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestTheUsersTasteDoesNotMatter(t *testing.T) {
	l := newLab(t).known().signing()
	l.write("one.go", poem("one"))
	l.begin()
	l.move("one.go", "uno.go")
	l.commit()
	l.config("[core]\n\tfsmonitor = /bin/false\n[status]\n\tshort = true\n\tbranch = true\n\trelativePaths = true\n\tshowUntrackedFiles = no\n" +
		"[diff]\n\tnoprefix = true\n\texternal = /bin/false\n\trenames = false\n[color]\n\tui = always\n" +
		"[log]\n\tshowSignature = true\n\tdecorate = full\n[core]\n\tpager = /bin/false\n\tquotePath = true\n")
	l.move("a.txt", "ä.txt")
	dirt, err := Dirty(t.Context(), l.dir, []string{"a.txt", "ä.txt"})
	if diff := cmp.Diff([]Dirt{{"a.txt", Changed}, {"ä.txt", Untracked}}, dirt); diff != "" || err != nil {
		t.Error(diff, err)
	}
	renames, err := Renames(t.Context(), l.dir, "b.txt")
	if diff := cmp.Diff(map[string]string{"a.txt": "ä.txt", "one.go": "uno.go"}, renames); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
