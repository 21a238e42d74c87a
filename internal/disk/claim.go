package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// marker is the file that makes a folder one of startkit's own, and whose lock
// keeps a second run out. The lock ends with the process that holds it, so
// that nothing stale ever stands in the way.
const marker = "startkit.lock"

// claim is a folder of our own that this process alone works in.
type claim struct {
	parent hand
	name   string
	dir    hand
	lock   *os.File
}

// take makes the folder name, or takes over what a killed run left there.
// ErrBusy says that a living run has it; a ForeignError that somebody else
// made it, or that its owner is not trusted.
func take(parent hand, name string, trusted func(fs.FileInfo) bool) (*claim, error) {
	suspect := 0
	for range 100 {
		c, err := try(parent, name, trusted)
		var foreign *ForeignError
		if errors.As(err, &foreign) {
			// A list made while another run comes or goes may lack the
			// marker; one that lacks it three times never had it.
			if suspect++; suspect < 3 {
				continue
			}
		}
		if !errors.Is(err, errMoved) {
			return c, err
		}
	}
	return nil, ErrBusy
}

// errMoved says that another run removed the folder between two looks at it.
var errMoved = errors.New("folder is gone")

// anyones trusts every owner, as one does in a repository that is shared.
func anyones(fs.FileInfo) bool { return true }

func try(parent hand, name string, trusted func(fs.FileInfo) bool) (*claim, error) {
	err := parent.mkdir(name)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	info, err := parent.root.Lstat(name)
	if err != nil {
		return nil, orMoved(err)
	}
	if !info.IsDir() || !trusted(info) {
		return nil, &ForeignError{parent.path(name)}
	}
	root, err := parent.root.OpenRoot(name)
	if err != nil {
		return nil, orMoved(err)
	}
	c := &claim{parent: parent, name: name, dir: hand{root}}
	if err := c.acquire(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return c, nil
}

// acquire locks the marker and makes sure that both it and the folder are
// still the ones that their names lead to: the run that had them before may
// have removed them while this one waited.
func (c *claim) acquire() error {
	names, err := c.dir.names(".")
	if err != nil {
		return orMoved(err)
	}
	if len(names) > 0 && !slices.Contains(names, marker) {
		return &ForeignError{c.parent.path(c.name)}
	}
	c.lock, err = lock(c.dir, marker)
	if err != nil {
		return orMoved(err)
	}
	if !c.current() {
		return errors.Join(errMoved, c.lock.Close())
	}
	return nil
}

func (c *claim) current() bool {
	mine, err1 := c.dir.root.Stat(".")
	there, err2 := c.parent.root.Lstat(c.name)
	held, err3 := c.lock.Stat()
	found, err4 := c.dir.root.Lstat(marker)
	return errors.Join(err1, err2, err3, err4) == nil && os.SameFile(mine, there) && os.SameFile(held, found)
}

// release gives the folder up. It removes the marker and the folder unless
// something else is still in it.
func (c *claim) release() error {
	names, err := c.dir.names(".")
	last := err == nil && len(names) == 1
	err = errors.Join(err, unlock(c.dir, c.lock, last), c.dir.root.Close())
	if !last {
		return err
	}
	if gone := c.parent.remove(c.name); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		// A run that waited for the lock has put its marker there.
		if kind, _ := c.parent.kind(c.name); kind != Folder {
			return errors.Join(err, fmt.Errorf("remove %s: %w", c.name, gone))
		}
	}
	return err
}

// claimed says whether a folder is one that take would take over. One that
// holds something, but not the marker, belongs to somebody else.
func (h hand) claimed(name string) (bool, error) {
	if odd, err := h.linkAbove(name); err != nil || odd != nil {
		return false, err
	}
	if kind, err := h.kind(name); err != nil || kind != Folder {
		return false, err
	}
	names, err := h.names(name)
	return err == nil && (len(names) == 0 || slices.Contains(names, marker)), err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func orMoved(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errMoved
	}
	return err
}
