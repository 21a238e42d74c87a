package change

import (
	"bytes"

	"github.com/startkit/startkit/internal/tree"
)

// sides are the three versions of one file; nil where there is none.
type sides struct {
	path, at           string // in base and theirs, and in ours
	base, ours, theirs *tree.File
}

func (s sides) moved() bool { return s.path != s.at }

// unedited says whether the user has the file as it was generated. A file
// whose line endings alone were converted has not been edited: git does that
// on checkout.
func (s sides) unedited() bool { return alike(s.base, s.ours) }

// alike says whether two files are the same but for their line endings.
func alike(f, g *tree.File) bool {
	if f == nil || g == nil {
		return f == g
	}
	return f.Exec == g.Exec && bytes.Equal(unix(f.Data), unix(g.Data))
}

func unix(data []byte) []byte {
	if binary(data) || !bytes.Contains(data, []byte("\r\n")) {
		return data
	}
	return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
}

// stay returns a row for a file that is left as it is.
func (s sides) stay(v Verdict, reason string) File {
	return File{Verdict: v, Reason: reason, Before: s.ours, After: s.ours}
}

func (s sides) stayNoticed(v Verdict, reason string) File {
	f := s.stay(v, reason)
	f.Notice = true
	return f
}

// decide says what happens to one file.
func (o Options) decide(s sides) File {
	switch {
	case o.Update && s.seed() && (s.base != nil || s.ours != nil):
		return s.leaveSeed()
	case s.ours == nil && s.base == nil:
		return File{Verdict: Created, Reason: "new", After: s.theirs}
	case s.ours == nil:
		return s.leaveDeleted()
	case s.theirs == nil:
		return s.drop()
	case alike(s.ours, s.theirs):
		return s.stay(Same, "as generated")
	case s.base != nil && alike(s.base, s.theirs):
		return s.stay(Kept, "your edits; nothing new")
	}
	return o.combine(s)
}

// seed says whether the file belongs to the user from the day it was written.
func (s sides) seed() bool {
	if s.theirs != nil {
		return s.theirs.Seed
	}
	return s.base.Seed
}

func (s sides) leaveSeed() File {
	switch {
	case s.ours == nil && s.theirs == nil:
		return s.stay(Same, "gone on both sides")
	case s.ours == nil:
		return s.stay(KeptDeleted, "you deleted it")
	case alike(s.ours, s.theirs):
		return s.stay(Same, "as generated")
	}
	return s.stay(Kept, "written once, yours since")
}

func (s sides) leaveDeleted() File {
	switch {
	case s.theirs == nil:
		return s.stay(Same, "gone on both sides")
	case alike(s.base, s.theirs):
		return s.stay(KeptDeleted, "you deleted it")
	}
	return s.stayNoticed(KeptDeleted, "you deleted it; what is new in it was not written")
}

func (s sides) drop() File {
	switch {
	case !s.unedited():
		return s.stayNoticed(Kept, "no longer generated, but you edited it")
	case s.moved():
		return s.stayNoticed(Kept, "no longer generated, but you moved it")
	}
	return File{Verdict: Deleted, Reason: "no longer generated", Before: s.ours}
}

// combine merges a file that both sides have and that theirs changed.
func (o Options) combine(s sides) File {
	f := s.stay(Merged, "your edits and what is new")
	var was tree.File
	if s.base != nil {
		was = *s.base
	} else {
		f.Reason = "both added it"
	}
	r := s.data(was.Data)
	if r.Refused != "" {
		f.Verdict, f.Reason = Conflicted, r.Refused
		f.Conflicts = []Conflict{{Base: was.Data, Ours: s.ours.Data, Theirs: s.theirs.Data, Reason: r.Refused}}
		return f
	}
	after := tree.File{Exec: either(was.Exec, s.ours.Exec, s.theirs.Exec), Seed: s.theirs.Seed}
	after.Data, f.Conflicts = r.Write(o.Labels.orDefault())
	if bytes.Equal(after.Data, s.theirs.Data) {
		after.Lines = s.theirs.Lines
	}
	f.After = &after
	switch {
	case len(f.Conflicts) > 0:
		f.Verdict, f.Reason = Conflicted, f.Conflicts[0].Reason
	case s.base != nil && s.unedited():
		f.Verdict, f.Reason = Updated, "generated anew; you had not edited it"
	case !f.Writes():
		f.Verdict, f.Reason, f.After = Kept, "what is new is in it already", f.Before
	}
	return f
}

func (l Labels) orDefault() Labels {
	if l.Ours == "" {
		l.Ours = "ours"
	}
	if l.Theirs == "" {
		l.Theirs = "theirs"
	}
	return l
}
