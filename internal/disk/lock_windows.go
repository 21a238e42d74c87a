package disk

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// sharingViolation is ERROR_SHARING_VIOLATION.
const sharingViolation = syscall.Errno(32)

// lock opens the file and shares it with nobody, or says ErrBusy.
func lock(dir hand, name string) (*os.File, error) {
	full := filepath.Join(dir.root.Name(), name)
	p, err := syscall.UTF16PtrFromString(full)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(p, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, ErrBusy
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), full), nil
}

// unlock closes the file first: Windows removes no file that is open. Whoever
// takes it in between keeps it, since then the removal fails.
func unlock(dir hand, f *os.File, last bool) error {
	err := f.Close()
	if last {
		_ = dir.remove(marker)
	}
	return err
}
