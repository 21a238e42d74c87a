//go:build !linux

package forge

import "syscall"

// together does nothing: here git outlives this process if that is killed, for
// as long as its command takes.
func together() *syscall.SysProcAttr { return nil }
