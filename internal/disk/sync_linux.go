package disk

import (
	"errors"
	"os"
	"runtime"
	"syscall"
)

// syncfs is the number of the system call, which package syscall was frozen
// too early to know. Source: the kernel's syscall tables.
var syncfs = map[string]uintptr{
	"386": 344, "amd64": 306, "arm": 373, "arm64": 267, "loong64": 267,
	"ppc64": 348, "ppc64le": 348, "riscv64": 267, "s390x": 338,
}[runtime.GOARCH]

// syncAll settles the whole file system that holds dir.
func syncAll(dir *os.File) error {
	if syncfs == 0 {
		return errors.ErrUnsupported
	}
	_, _, errno := syscall.Syscall(syncfs, dir.Fd(), 0, 0)
	switch errno {
	case 0:
		return nil
	case syscall.ENOSYS, syscall.EPERM: // an old kernel, a strict container
		return errors.ErrUnsupported
	}
	return os.NewSyscallError("syncfs", errno)
}

func syncOne(f *os.File) error { return f.Sync() }

func syncFolder(dir *os.File) error { return dir.Sync() }
