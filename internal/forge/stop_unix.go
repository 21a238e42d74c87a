//go:build !windows

package forge

import (
	"os"
	"syscall"
)

// stop asks git to end: killed outright it would leave index.lock behind.
func stop(p *os.Process) error { return p.Signal(syscall.SIGTERM) }
