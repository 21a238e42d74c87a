package disk

import (
	"errors"
	"os"
)

func syncAll(*os.File) error { return errors.ErrUnsupported }

func syncOne(f *os.File) error {
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return err
	}
	// Windows settles only what is open for writing.
	w, err := os.OpenFile(f.Name(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(w.Sync(), w.Close())
}

// syncFolder does nothing: Windows has no such call, and NTFS journals names.
func syncFolder(*os.File) error { return nil }
