package change

import (
	"path"
	"strings"

	"github.com/startkit/startkit/internal/tree"
)

func byPath(a, b File) int { return strings.Compare(a.Path, b.Path) }

// settleClashes turns what cannot be created into a conflict: a file below a
// path where the user has a file, or at a path where the user has a folder.
func (c *Change) settleClashes(ours tree.Tree) {
	files, folders := c.left(ours)
	for i := range c.Files {
		f := &c.Files[i]
		if f.Before != nil || f.After == nil {
			continue
		}
		reason := ""
		if folders[f.Path] {
			reason = "a file is to be here, but you have a folder"
		}
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			if files[dir] {
				reason = "a folder " + dir + " is to be here, but you have a file"
			}
		}
		if reason != "" {
			f.Conflicts = []Conflict{{Path: f.Path, Theirs: f.After.Data, Reason: reason}}
			f.Verdict, f.Reason, f.After = Conflicted, reason, nil
		}
	}
}

// left returns the user's files that will still be there, and their folders.
func (c *Change) left(ours tree.Tree) (files, folders map[string]bool) {
	files, folders = map[string]bool{}, map[string]bool{}
	for p := range ours {
		files[p] = true
	}
	for _, f := range c.Files {
		if f.Before != nil && f.After == nil {
			delete(files, f.Path)
		}
	}
	for p := range files {
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	return files, folders
}
