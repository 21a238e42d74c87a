package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// step is called before every change of the disk with what is about to be
// done to which paths. It is nil but in tests, which kill the process there, or
// answer with the error of a full disk.
var step func(op string, paths ...string) error

// hand changes what lies below one folder. Every change of this package goes
// through it, so that a test can count them and stop at each. Names are
// slash-separated and, by os.Root, never lead out of the folder.
type hand struct{ root *os.Root }

func openHand(dir string) (hand, error) {
	root, err := os.OpenRoot(dir)
	return hand{root}, err
}

func (h hand) about(op string, names ...string) error {
	if step == nil {
		return nil
	}
	var paths []string
	for _, name := range names {
		paths = append(paths, h.path(name))
	}
	return step(op, paths...)
}

func (h hand) mkdir(name string) error {
	if err := h.about("mkdir", name); err != nil {
		return err
	}
	return h.root.Mkdir(name, 0o755)
}

// mkdirs makes the folders above name that are missing.
func (h hand) mkdirs(name string) error {
	for _, dir := range parents(name) {
		if _, err := h.root.Lstat(dir); err == nil {
			continue
		}
		if err := h.mkdir(dir); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// create makes a file that is not there yet and hands it back open.
func (h hand) create(name string, data []byte, mode fs.FileMode) (*os.File, error) {
	if err := h.about("create", name); err != nil {
		return nil, err
	}
	f, err := h.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return nil, err
	}
	if err = h.about("write", name); err == nil {
		_, err = f.Write(data)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// save makes a file that is not there yet and waits until it is on the disk.
func (h hand) save(name string, data []byte, mode fs.FileMode) error {
	f, err := h.create(name, data, mode)
	if err != nil {
		return err
	}
	return h.settle(f, name)
}

// settle waits until an open file is on the disk, and closes it.
func (h hand) settle(f *os.File, name string) error {
	err := h.about("sync", name)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func (h hand) rename(from, to string) error {
	if err := h.about("rename", from, to); err != nil {
		return err
	}
	return h.root.Rename(from, to)
}

func (h hand) link(from, to string) error {
	if err := h.about("link", from, to); err != nil {
		return err
	}
	return h.root.Link(from, to)
}

// remove deletes a file or an empty folder.
func (h hand) remove(name string) error {
	if err := h.about("remove", name); err != nil {
		return err
	}
	return h.root.Remove(name)
}

// removeAll deletes a folder and what is in it, without following links.
func (h hand) removeAll(name string) error {
	if _, err := h.root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := h.about("removeall", name); err != nil {
		return err
	}
	return h.root.RemoveAll(name)
}

// kind says what stands at name, without following a link there.
func (h hand) kind(name string) (Kind, error) {
	info, err := h.root.Lstat(name)
	if missing(err) {
		return Absent, nil
	}
	if err != nil {
		return Absent, err
	}
	return kindOf(info.Mode()), nil
}

// names lists what is in a folder.
func (h hand) names(dir string) ([]string, error) {
	f, err := h.root.Open(dir)
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	return names, errors.Join(err, f.Close())
}

func (h hand) path(name string) string { return filepath.Join(h.root.Name(), filepath.FromSlash(name)) }

// missing says that nothing stands at a path, be it for a folder above it.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
