package disk

import (
	"errors"
	"fmt"
	"strings"
)

// ErrBusy says that another startkit works on the same target or repository.
var ErrBusy = errors.New("another startkit is at work here")

// ErrUnfinished says that a killed run left a journal; Recover comes first.
var ErrUnfinished = errors.New("an earlier run was cut short")

// ErrNoParent says that the folder which is to hold the target is not there.
var ErrNoParent = errors.New("no such parent folder")

// OccupiedError says that a target is taken.
type OccupiedError struct {
	// Target is the path as it was asked for.
	Target string
	// Files counts the files below Target, up to 10,000. It is 0 when
	// Target holds only folders, or is no folder at all.
	Files int
	// Kind says what Target is.
	Kind Kind
}

func (e *OccupiedError) Error() string {
	if e.Kind != Folder {
		return fmt.Sprintf("%s exists and is a %s", e.Target, e.Kind)
	}
	if e.Files == 0 {
		return fmt.Sprintf("%s exists and holds folders", e.Target)
	}
	return fmt.Sprintf("%s exists and holds %d %s", e.Target, e.Files, plural(e.Files, "file"))
}

// ForeignError says that the name which this package needs for its own folder
// belongs to somebody else. It is left alone.
type ForeignError struct{ Path string }

func (e *ForeignError) Error() string {
	return e.Path + " is in the way and startkit did not make it"
}

// ChangedError says that files are no longer what an Edit said they were.
// Nothing was written.
type ChangedError struct{ Paths []string }

func (e *ChangedError) Error() string {
	return "changed meanwhile: " + strings.Join(e.Paths, ", ")
}

// PathError collects the paths that no repository should hold, each with the
// reason.
type PathError struct{ Problems []string }

func (e *PathError) Error() string { return strings.Join(e.Problems, "; ") }

// OddError lists what stands at some paths and is no regular file.
type OddError struct{ Odds []Odd }

func (e *OddError) Error() string {
	var b strings.Builder
	for i, odd := range e.Odds {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s is a %s", odd.Path, odd.Kind)
	}
	return b.String()
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
