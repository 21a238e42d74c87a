package disk

import (
	"io/fs"
	"os"
)

// keepsExec says that the file system has no executable bit: two files that
// differ only in it are the same.
const keepsExec = false

func giveTo(*os.File, fs.FileInfo) {}

func mine(fs.FileInfo) bool { return true }
