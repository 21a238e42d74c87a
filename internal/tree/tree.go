// Package tree holds a repository in memory: a Tree of Files by path, and the
// Edits that turn one Tree into another. It holds nouns only. Nothing in it
// has touched a disk, and nothing in it decides anything.
//
//	Tree      path -> File
//	File      bytes, the executable bit, who owns it, where each line came from
//	Edit      one path, before and after
package tree

import (
	"bytes"
	"maps"
	"slices"
)

// Tree is a repository in memory: a file by its slash-separated path, relative
// to the root of the repository.
type Tree map[string]File

// File is one file of a repository.
type File struct {
	// Data is the whole content, byte for byte.
	Data []byte
	// Exec says whether the file may be executed.
	Exec bool
	// Seed says that the file is written once and belongs to the user from
	// then on; an update leaves it alone.
	Seed bool
	// Lines says where each line of Data came from. It is empty for a file
	// that no template wrote.
	Lines []Origin
}

// Origin is where a line came from.
type Origin struct {
	// Feature is the name of the feature that wrote the line.
	Feature string
	// Template is the path of the template below templates/.
	Template string
	// Line is the line of the template, counted from 1; 0 for a line that
	// was computed and stands in no template.
	Line int
}

// Edit is what happens to one path. A nil Before means that nothing is there
// yet, a nil After that nothing stays.
type Edit struct {
	Path          string
	Before, After *File
}

// Paths returns the paths of the tree in order.
func (t Tree) Paths() []string { return slices.Sorted(maps.Keys(t)) }

// Same says whether two files hold the same bytes and the same executable bit.
// Where their lines came from does not count.
func (f File) Same(g File) bool { return f.Exec == g.Exec && bytes.Equal(f.Data, g.Data) }
