//go:build !linux && !darwin && !windows

package disk

import (
	"errors"
	"os"
)

func syncAll(*os.File) error { return errors.ErrUnsupported }

func syncOne(f *os.File) error { return f.Sync() }

func syncFolder(dir *os.File) error { return dir.Sync() }
