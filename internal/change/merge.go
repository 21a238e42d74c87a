package change

import (
	"bytes"
	"maps"
	"slices"

	"github.com/startkit/startkit/internal/tree"
)

// Options say how trees are merged. The zero value merges everything.
type Options struct {
	// Labels name the sides in the marks of a conflict; "ours" and "theirs"
	// if they are empty.
	Labels Labels
	// Update leaves seeds alone: what was written once is the user's.
	Update bool
	// Moved holds the files of base that the user moved: the path in base,
	// and the path in ours where the file is now.
	Moved map[string]string
	// Module merges the go.mod and go.sum of a module. Without it they are
	// merged by lines.
	Module ModuleMerger
}

// Diff returns the change that turns one tree into another.
func Diff(from, to tree.Tree) Change { return Merge(from, from, to, Options{}) }

// Merge returns the change that brings what differs between base and theirs
// into ours, the user's repository. Ours needs to hold only the paths that are
// in base or theirs, where Moved leads, and what may stand where theirs wants
// a folder. None of the trees is changed.
func Merge(base, ours, theirs tree.Tree, o Options) Change {
	var c Change
	for _, path := range paths(base, theirs) {
		s := sides{path: path, at: o.destination(path, base, ours, theirs)}
		s.base, s.ours, s.theirs = file(base, path), file(ours, s.at), file(theirs, path)
		f := o.decide(s)
		f.Path = s.at
		if s.moved() {
			f.From = path
		}
		for i := range f.Conflicts {
			f.Conflicts[i].Path = f.Path
		}
		c.Files = append(c.Files, f)
	}
	slices.SortFunc(c.Files, byPath)
	c.settleModules(base, ours, theirs, o)
	c.settleClashes(ours)
	return c
}

// Unconverted returns the user's files with the line endings of base, which git
// may have converted on checkout.
func Unconverted(base, ours tree.Tree) tree.Tree {
	ours = maps.Clone(ours)
	for path, f := range ours {
		if bytes.Equal(base[path].Data, unix(base[path].Data)) {
			f.Data = unix(f.Data)
			ours[path] = f
		}
	}
	return ours
}

func paths(trees ...tree.Tree) []string {
	all := map[string]bool{}
	for _, t := range trees {
		for path := range t {
			all[path] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// destination is where the user has the file. A move is followed only if the
// file is there and nothing generated is.
func (o Options) destination(path string, base, ours, theirs tree.Tree) string {
	to, moved := o.Moved[path]
	if !moved || file(ours, path) != nil || file(ours, to) == nil || file(base, to) != nil || file(theirs, to) != nil {
		return path
	}
	return to
}

func file(t tree.Tree, path string) *tree.File {
	if f, ok := t[path]; ok {
		return &f
	}
	return nil
}
