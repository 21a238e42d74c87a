//go:build !windows

package disk

import (
	"errors"
	"os"
	"syscall"
)

// lock opens the file, makes it if need be, and locks it or says ErrBusy.
func lock(dir hand, name string) (*os.File, error) {
	if err := dir.about("create", name); err != nil {
		return nil, err
	}
	f, err := dir.root.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err = dir.about("lock", name); err == nil {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrBusy
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// unlock removes the file while it is still locked, so that nobody can take
// the lock of a file that is about to go.
func unlock(dir hand, f *os.File, last bool) error {
	var err error
	if last {
		err = dir.remove(marker)
	}
	return errors.Join(err, f.Close())
}
