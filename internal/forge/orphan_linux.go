package forge

import "syscall"

// together has git told to stop when this process is killed, so that it does
// not go on writing into a folder that the next run clears. The system watches
// the thread, not the process: the caller keeps its goroutine on one.
func together() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}
