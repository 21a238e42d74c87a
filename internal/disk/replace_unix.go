//go:build !windows

package disk

import (
	"os"
	"syscall"
)

// replaceEmpty renames a folder onto a path where nothing is, or an empty
// folder, in one step: os.Rename would refuse the empty folder, and to remove
// it first would leave a moment with neither. It is fs.ErrExist if that folder
// is no longer empty.
func replaceEmpty(from, to string) error {
	if err := syscall.Rename(from, to); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
