package disk

import (
	"errors"
	"io/fs"
	"os"
)

// replaceEmpty renames a folder onto a path where nothing is, or an empty
// folder. It is fs.ErrExist if that folder is no longer empty. Windows cannot
// do that in one step: a run killed in between leaves neither folder.
func replaceEmpty(from, to string) error {
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	return os.Rename(from, to)
}
