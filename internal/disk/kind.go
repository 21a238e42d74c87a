package disk

import "io/fs"

// Kind is what stands at a path.
type Kind int

// The kinds of things that a path can lead to.
const (
	Absent Kind = iota
	Regular
	Symlink
	Folder
	Special // a device, a pipe, a socket
)

func (k Kind) String() string {
	return [...]string{"missing file", "file", "symbolic link", "folder", "device, pipe or socket"}[k]
}

// Odd is a path where something else than a regular file stands.
type Odd struct {
	// Path is the path asked for, or the folder above it that is a link.
	Path string
	Kind Kind
}

func kindOf(mode fs.FileMode) Kind {
	switch {
	case mode.IsRegular():
		return Regular
	case mode.IsDir():
		return Folder
	case mode&fs.ModeSymlink != 0:
		return Symlink
	}
	return Special
}
