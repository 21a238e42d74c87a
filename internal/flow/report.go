package flow

import "github.com/startkit/startkit/internal/change"

// Report is what a command did or, on a dry run, what it would do: the two are
// equal, byte for byte. It is what --json prints; the fields keep their names
// and meaning from version to version.
type Report struct {
	// Dir is the repository's folder as the user named it.
	Dir string `json:"dir"`
	// Planned are the features of the repository in start order.
	Planned []Planned `json:"planned"`
	// Files are the files that the command is about, sorted by path.
	Files []File `json:"files"`
	// Notes say what a person should know: one sentence each.
	Notes []string `json:"notes,omitempty"`
	// SameAs is the command that would have given the same answers.
	SameAs string `json:"same_as,omitempty"`
	// Next is what to run now.
	Next string `json:"next,omitempty"`

	// Push is what was done at GitHub, if that was asked for.
	Push *PushReport `json:"push,omitempty"`

	// change is what Files was made from.
	change change.Change

	brings, gone []Planned
}

// Brings are those of the planned features that were not there before.
func (r Report) Brings() []Planned { return r.brings }

// Gone are the features that were there before and are not planned: those
// taken out, and those in whose place another one comes.
func (r Report) Gone() []Planned { return r.gone }

// Diff returns the change as one unified diff, for people.
func (r Report) Diff() string { return r.change.Unified() }

// Planned is a feature of the repository.
type Planned struct {
	Name string `json:"name"`
	// Reason says why it is there; empty for what was asked for.
	Reason string `json:"reason,omitempty"`
}

// File is what happens to one file.
type File struct {
	Path    string `json:"path"`
	Verdict string `json:"verdict"`
	// Reason says why, where the verdict alone does not.
	Reason string `json:"reason,omitempty"`
	// Notice says that a person should read the row, although there is
	// nothing to decide.
	Notice bool `json:"notice,omitempty"`
	// SHA256 is of the content that is there afterwards, in hexadecimal; it
	// is empty where no file is.
	SHA256 string `json:"sha256,omitempty"`
	Exec   bool   `json:"exec,omitempty"`
	// Conflicts are the places that a person must decide.
	Conflicts []Conflict `json:"conflicts,omitempty"`
}

// Written says whether the command writes or removes the file.
func (f File) Written() bool {
	return f.Verdict != "same" && f.Verdict != "kept" && f.Verdict != "kept-deleted"
}

// Conflict is a place in a file where the user's edit and startkit's meet.
type Conflict struct {
	// Line is where the conflict starts in the written file, counted from 1.
	Line int `json:"line"`
	// Ours and Theirs are the two sides.
	Ours   string `json:"ours"`
	Theirs string `json:"theirs"`
}

// Open says how many conflicts wait for a person.
func (r Report) Open() int {
	n := 0
	for _, f := range r.Files {
		if f.Verdict == "conflict" {
			n++
		}
	}
	return n
}
