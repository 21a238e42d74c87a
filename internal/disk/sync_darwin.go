package disk

import (
	"errors"
	"os"
	"syscall"
)

func syncAll(*os.File) error { return errors.ErrUnsupported }

// syncOne hands a file to the drive. File.Sync would empty the drive's own
// cache for each file, at milliseconds apiece; syncFolder does that, and
// comes last.
func syncOne(f *os.File) error { return syscall.Fsync(int(f.Fd())) }

func syncFolder(dir *os.File) error { return dir.Sync() }
