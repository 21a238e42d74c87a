package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"github.com/startkit/startkit/internal/tree"
)

// inner is the folder, inside of the claimed one, that becomes the target. It
// lies one level down so that the marker is never part of the repository.
const inner = "tree"

// Staged is a repository that is being made beside its target. Nothing can be
// seen at the target until Commit. A Staged ends with Commit or Discard; what
// a killed run leaves is cleared by the next Stage for the same target.
type Staged struct {
	target string
	parent hand
	claim  *claim
	tree   hand
	done   bool
}

// Stage makes an empty folder, .NAME.startkit/tree beside target, where the
// new repository is made. It refuses a target that holds anything
// (OccupiedError), a target whose parent is not there (ErrNoParent) or may not
// be written, and a second run for the same target (ErrBusy).
func Stage(target string) (*Staged, error) {
	target, err := filepath.Abs(target)
	if err != nil {
		return nil, err
	}
	parent, err := openParent(target)
	if err != nil {
		return nil, err
	}
	s := &Staged{target: target, parent: parent}
	if err := s.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("stage %s: %w", target, err), parent.root.Close())
	}
	return s, nil
}

func (s *Staged) begin() (err error) {
	name := "." + filepath.Base(s.target) + ".startkit"
	if err := vacant(s.target); err != nil {
		sweep(s.parent, name)
		return err
	}
	// In a parent that all may write to, whoever put the folder there could
	// change what is made in it.
	s.claim, err = take(s.parent, name, mine)
	if err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return errors.Join(err, s.claim.release())
	}
	return nil
}

// sweep clears what a run left that was killed right after its rename.
func sweep(parent hand, name string) {
	if ours, err := parent.claimed(name); err != nil || !ours {
		return
	}
	if c, err := take(parent, name, mine); err == nil {
		_ = c.dir.removeAll(inner)
		_ = c.release()
	}
}

// open clears what a killed run left.
func (s *Staged) open() (err error) {
	if err := s.clear(); err != nil {
		return err
	}
	if err := s.claim.dir.mkdir(inner); err != nil {
		return err
	}
	s.tree.root, err = s.claim.dir.root.OpenRoot(inner)
	return err
}

// clear removes what was staged. A git that was stopped, or that outlived its
// run for a moment, may write there still, so that a folder fills while it is
// emptied: then it is tried again, for two seconds at most.
func (s *Staged) clear() (err error) {
	for range 100 {
		if err = s.claim.dir.removeAll(inner); err == nil {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

// Dir is the absolute path of the folder that Commit will rename, for git to
// work in meanwhile.
func (s *Staged) Dir() string { return s.claim.dir.path(inner) }

// Write writes the files of a tree: 0644, or 0755 for what may be executed,
// less the umask. It refuses paths that leave the folder or that some system
// cannot hold (PathError), before it writes any, and it never writes over a
// file.
func (s *Staged) Write(t tree.Tree) error {
	paths := t.Paths()
	if err := check(paths); err != nil {
		return err
	}
	made := map[string]bool{}
	for _, p := range paths {
		if dir := path.Dir(p); !made[dir] {
			if err := s.tree.mkdirs(p); err != nil {
				return fmt.Errorf("write %s: %w", p, err)
			}
			made[dir] = true
		}
		f, err := s.tree.create(p, t[p].Data, modeOf(t[p]))
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", p, err)
		}
	}
	return nil
}

// Commit makes everything durable and renames the folder onto the target,
// which must still be vacant. After an error the target is as it was, and
// Discard is due.
func (s *Staged) Commit() error {
	if s.done {
		return errors.New("already committed or discarded")
	}
	if err := s.land(); err != nil {
		return fmt.Errorf("make %s: %w", s.target, err)
	}
	s.done = true
	// The repository is there. What may fail from here on leaves at most an
	// empty hidden folder, which the next run for this target takes over.
	_ = s.parent.syncDir(".")
	_ = s.close()
	return nil
}

func (s *Staged) land() error {
	if err := vacant(s.target); err != nil {
		return err
	}
	if err := flush(s.tree); err != nil {
		return err
	}
	if err := s.tree.root.Close(); err != nil {
		return err
	}
	if err := s.parent.about("rename", s.claim.name, filepath.Base(s.target)); err != nil {
		return err
	}
	err := replaceEmpty(s.Dir(), s.target)
	if errors.Is(err, fs.ErrExist) {
		return orElse(vacant(s.target), err)
	}
	return err
}

// Discard removes everything that was staged. After Commit it does nothing, so
// it may be deferred.
func (s *Staged) Discard() error {
	if s.done {
		return nil
	}
	s.done = true
	err := errors.Join(s.tree.root.Close(), s.clear())
	return errors.Join(err, s.close())
}

func (s *Staged) close() error {
	return errors.Join(s.claim.release(), s.parent.root.Close())
}

func modeOf(f tree.File) fs.FileMode {
	if f.Exec {
		return 0o755
	}
	return 0o644
}
