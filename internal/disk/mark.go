package disk

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/startkit/startkit/internal/tree"
)

// mark is what the journal remembers of a file; a nil mark is no file.
type mark struct {
	Sum  string `json:"sum"`
	Exec bool   `json:"exec,omitempty"`
}

func markOf(f *tree.File) *mark {
	if f == nil {
		return nil
	}
	sum := sha256.Sum256(f.Data)
	return &mark{Sum: hex.EncodeToString(sum[:]), Exec: f.Exec && keepsExec}
}

func (m *mark) same(o *mark) bool {
	if m == nil || o == nil {
		return m == o
	}
	return *m == *o
}

// load reads the regular file at name. It is nil where nothing is, and where
// something else stands, which odd then names: for a folder above name that is
// a link, that folder. Nothing is read through a link.
func (h hand) load(name string) (file *tree.File, odd *Odd, err error) {
	if odd, err = h.linkAbove(name); odd != nil || err != nil {
		return nil, odd, err
	}
	// Look before opening: to open a pipe would wait for its other end.
	kind, err := h.kind(name)
	if err != nil || kind == Absent {
		return nil, nil, err
	}
	if kind != Regular {
		return nil, &Odd{name, kind}, nil
	}
	f, err := h.root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err1 := f.Stat()
	data, err2 := io.ReadAll(f)
	if err := errors.Join(err1, err2, f.Close()); err != nil {
		return nil, nil, err
	}
	return &tree.File{Data: data, Exec: runnable(info.Mode())}, nil, nil
}

// linkAbove finds the topmost folder above name that is a link.
func (h hand) linkAbove(name string) (*Odd, error) {
	for _, dir := range parents(name) {
		kind, err := h.kind(dir)
		if err != nil {
			return nil, err
		}
		if kind == Symlink {
			return &Odd{dir, kind}, nil
		}
		if kind != Folder {
			break
		}
	}
	return nil, nil
}

// look says what is at name now.
func (h hand) look(name string) (*mark, *Odd, error) {
	file, odd, err := h.load(name)
	return markOf(file), odd, err
}

// runnable reads the executable bit the way git does.
func runnable(mode fs.FileMode) bool { return keepsExec && mode&0o100 != 0 }

// likeBefore makes a staged file resemble the one that it replaces: its mode
// but for the executable bit, and its owner as far as the system lets us.
func likeBefore(f *os.File, before fs.FileInfo, exec bool) error {
	mode := before.Mode().Perm()
	if exec {
		mode |= mode & 0o444 >> 2
	} else {
		mode &^= 0o111
	}
	giveTo(f, before)
	return f.Chmod(mode)
}
