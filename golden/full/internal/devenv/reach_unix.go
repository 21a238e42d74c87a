//go:build unix

package devenv

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"syscall"
)

// reachable returns path if owner can work there, else another one that it always stands for: a repository in the home folder
// of root is closed to all others.
func reachable(path string, owner *syscall.Credential) string {
	if canReach(filepath.Dir(path), owner) {
		return path
	}
	sum := sha256.Sum256([]byte(path))
	return filepath.Join("/var/tmp", app+"-"+hex.EncodeToString(sum[:6]), filepath.Base(path))
}

// canReach says whether every folder above and at path lets everybody pass. Folders that are not there yet will be ours.
func canReach(path string, owner *syscall.Credential) bool {
	if owner == nil {
		return true
	}
	for {
		info, err := os.Stat(path)
		if err == nil && info.Mode().Perm()&0o001 == 0 {
			return false
		}
		parent := filepath.Dir(path)
		if parent == path {
			return true
		}
		path = parent
	}
}
