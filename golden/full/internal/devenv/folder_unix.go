//go:build unix

package devenv

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// nonBlocking makes lockFile refuse instead of wait.
const nonBlocking = syscall.LOCK_NB

// settled is the age from which a folder without a living guard is a leftover, and not one that is just being made.
const settled = time.Minute

// folder is the place of one server.
type folder struct {
	path      string
	temporary bool
	owner     *syscall.Credential // nil: ourselves
	lock      *os.File            // held by the guard as long as the folder is in use
}

// openFolder takes dir for a server called name, or makes a temporary folder if dir is empty.
func openFolder(name, dir string) (*folder, error) {
	f := &folder{path: dir, temporary: dir == "", owner: account()}
	if err := f.make(name); err != nil {
		return nil, err
	}
	if f.owner != nil {
		if err := os.Chown(f.path, int(f.owner.Uid), int(f.owner.Gid)); err != nil {
			return nil, err
		}
	}
	lock, err := lockFile(filepath.Join(f.path, "lock"), nonBlocking)
	if err != nil {
		return nil, fmt.Errorf("%s is in use by another process: %w", f.path, err)
	}
	f.lock = lock
	return f, nil
}

func (f *folder) make(name string) error {
	if !f.temporary {
		path, err := filepath.Abs(f.path)
		if err != nil {
			return err
		}
		f.path = reachable(path, f.owner)
		// Only the last folder is closed to others: the owner has to pass those above it.
		if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
			return err
		}
		return os.MkdirAll(f.path, 0o700)
	}
	temp := os.TempDir()
	if !canReach(temp, f.owner) {
		temp = "/tmp"
	}
	prefix := app + "-" + name + "-"
	sweep(filepath.Join(temp, prefix+"*"))
	path, err := os.MkdirTemp(temp, prefix)
	f.path = path
	return err
}

func (f *folder) log() string {
	return filepath.Join(f.path, "server.log")
}

// logTail returns the last lines that the server wrote.
func (f *folder) logTail() string {
	text, _ := os.ReadFile(f.log())
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// close removes the folder if it was a temporary one.
func (f *folder) close() error {
	f.lock.Close()
	if !f.temporary {
		return nil
	}
	return os.RemoveAll(f.path)
}

// account returns the user that servers run as: nobody in particular, unless we are root, which servers refuse to be.
func account() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"nobody", "daemon"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return nil
}

// sweep removes the folders of processes that ended together with their guards, as they do when the machine crashes. A server
// of such a folder, should there be one, sees that its folder is gone and ends (a database does so within a minute).
func sweep(pattern string) {
	paths, _ := filepath.Glob(pattern)
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || time.Since(info.ModTime()) < settled {
			continue
		}
		lock, err := lockFile(filepath.Join(path, "lock"), nonBlocking)
		if err != nil {
			continue
		}
		_ = os.RemoveAll(path)
		lock.Close()
	}
}

// lockFile takes the lock that is the file, and waits for it unless how is nonBlocking. It is free again when all processes that
// inherited it have closed it.
func lockFile(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|how); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
