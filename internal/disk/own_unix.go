//go:build !windows

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

// keepsExec says that the file system has an executable bit.
const keepsExec = true

// giveTo hands a file to the owner and group of another. Only root may give a
// file away and others only to their own groups; where it is not allowed the
// file stays ours.
func giveTo(f *os.File, like fs.FileInfo) {
	stat, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	if f.Chown(int(stat.Uid), int(stat.Gid)) != nil {
		_ = f.Chown(-1, int(stat.Gid))
	}
}

// mine says whether a folder belongs to the user that this process runs as.
func mine(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}
