package change

import (
	"slices"

	"github.com/startkit/startkit/internal/tree"
)

// Change is what turns the user's repository into the one that was asked for,
// and what of it a person must decide. Nothing in it has touched a disk.
type Change struct {
	// Files holds a row for every path of the trees it was made from, in
	// order of Path.
	Files []File
}

// File is what happens to one path.
type File struct {
	// Path is where the file is, slash-separated.
	Path string
	// From is the path of the file in the trees, if the user moved it.
	From string
	// Verdict is what happens, in one word.
	Verdict Verdict
	// Reason says why, for a person to read.
	Reason string
	// Notice says that a person should read the row although there is
	// nothing to decide: something was not done that was asked for.
	Notice bool
	// Notes tell of decisions within the file, one to a line.
	Notes []string
	// Before is the user's file, nil if there is none. After is the file as
	// it is to be, nil if there is to be none. They are the same where
	// nothing is written.
	Before, After *tree.File
	// Conflicts are the places that a person must decide. A conflict
	// without lines is about the whole file, which was left as it is.
	Conflicts []Conflict
}

// Verdict is what happens to a file, in a word that a person understands.
type Verdict string

// The verdicts. Only the first five write.
const (
	Created     Verdict = "created"      // it is new
	Updated     Verdict = "updated"      // generated, and the user had not touched it
	Merged      Verdict = "merged"       // both changed it; both changes are in it
	Deleted     Verdict = "deleted"      // no longer generated, and the user had not touched it
	Conflicted  Verdict = "conflict"     // a person must decide; marks are in it if it has Conflicts with lines
	Same        Verdict = "same"         // it already is what it is to be
	Kept        Verdict = "kept"         // it stays as the user has it
	KeptDeleted Verdict = "kept-deleted" // the user deleted it; it stays deleted
)

// Edits returns what is to be written, relative to the user's repository, in
// order of path. Files that stay as they are are not in it.
func (c Change) Edits() []tree.Edit {
	var edits []tree.Edit
	for _, f := range c.Files {
		if f.Writes() {
			edits = append(edits, tree.Edit{Path: f.Path, Before: f.Before, After: f.After})
		}
	}
	return edits
}

// Writes says whether the file is to be written or removed.
func (f File) Writes() bool {
	if f.Before == nil || f.After == nil {
		return f.Before != f.After
	}
	return !f.Before.Same(*f.After)
}

// Conflicts returns everything that a person must decide, in order of path.
func (c Change) Conflicts() []Conflict {
	var all []Conflict
	for _, f := range c.Files {
		all = append(all, f.Conflicts...)
	}
	return all
}

// Clean says whether there is nothing to decide.
func (c Change) Clean() bool {
	return !slices.ContainsFunc(c.Files, func(f File) bool { return f.Verdict == Conflicted })
}
