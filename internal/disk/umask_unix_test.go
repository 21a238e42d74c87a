//go:build !windows

package disk

import (
	"syscall"
	"testing"
)

func umask(_ *testing.T, mask int) (undo func()) {
	was := syscall.Umask(mask)
	return func() { syscall.Umask(was) }
}
