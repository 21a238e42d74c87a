package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Vacant refuses a target that Stage would refuse for what is there, and
// touches nothing.
func Vacant(target string) error {
	target, err := filepath.Abs(target)
	if err != nil {
		return err
	}
	return vacant(target)
}

// vacant refuses a target that holds anything, or that is anything but a
// folder: a link to an empty folder too, since the folder behind it belongs to
// another path.
func vacant(target string) error {
	info, err := os.Lstat(target)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if kind := kindOf(info.Mode()); kind != Folder {
		return &OccupiedError{Target: target, Kind: kind}
	}
	n, empty, err := census(target)
	if err != nil {
		return fmt.Errorf("read %s: %w", target, err)
	}
	if empty {
		return nil
	}
	return &OccupiedError{Target: target, Files: n, Kind: Folder}
}

// census counts the files below a folder, up to 10,000, and says whether it
// is empty. Folders that may not be read count as nothing.
func census(dir string) (files int, empty bool, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return 0, err == nil, err
	}
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files++
		}
		if files == 10_000 {
			return filepath.SkipAll
		}
		return nil
	})
	return files, false, err
}

// openParent opens the folder that is to hold the target.
func openParent(target string) (hand, error) {
	parent := filepath.Dir(target)
	info, err := os.Stat(parent)
	if errors.Is(err, fs.ErrNotExist) {
		return hand{}, fmt.Errorf("%w: %s", ErrNoParent, parent)
	}
	if err == nil && !info.IsDir() || missing(err) {
		return hand{}, fmt.Errorf("%w: %s is no folder", ErrNoParent, parent)
	}
	if err != nil {
		return hand{}, err
	}
	return openHand(parent)
}
