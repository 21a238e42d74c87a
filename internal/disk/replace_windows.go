package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// replaceEmpty renames a folder onto a path where nothing is, or an empty
// folder. It is fs.ErrExist if that folder is no longer empty. Windows cannot
// do that in one step: a run killed in between leaves neither folder. Nor does
// it rename a folder while a virus scanner or an indexer looks into it, which
// they do for a moment with all that is new.
func replaceEmpty(from, to string) error {
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	err := os.Rename(from, to)
	for range 40 {
		if !errors.Is(err, syscall.ERROR_ACCESS_DENIED) && !errors.Is(err, sharingViolation) {
			break
		}
		time.Sleep(50 * time.Millisecond)
		err = os.Rename(from, to)
	}
	return err
}
