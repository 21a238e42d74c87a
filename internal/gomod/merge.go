package gomod

import (
	"bytes"
	"errors"
)

// Merged is a go.mod and go.sum that two sides have changed.
type Merged struct {
	// Files holds the outcome, but for Direct.
	Files
	// Tidy promises that "go mod tidy" has nothing to change if it had nothing
	// to change in ours. It is false where requirements of the owner's own meet
	// a change: what their go.mod files ask for is not known here. Most often
	// tidy finds nothing even then; but it is also the cure if the go command
	// says "updates to go.mod needed", as one of the owner's rows stands below
	// what a new module asks for.
	Tidy bool
	// Notes tells, one to a line, of versions raised above the owner's and of
	// rows that were kept, dropped or brought back on suspicion.
	Notes []string
}

// Merge brings what changed from base to theirs, both by Solve, into ours: the
// files as their owner has them. It takes go.mod row by row and go.sum line by
// line. All else that stands in ours stays: comments, blocks, and replace,
// exclude, tool, retract and godebug lines.
//
//   - What only one side touched is taken from there. Of two versions the
//     higher wins.
//   - What the owner removed stays removed, unless a module that theirs adds
//     needs it.
//   - What theirs drops goes, if ours holds no requirement but those of base
//     and theirs. Else it stays, as the owner's own may rest on it: a row or
//     line too many is harmless, without one that is missing nothing builds.
//     Only a row that was there for the tests of dependencies goes even then,
//     once other rows imply it: it comes and goes with every feature.
//
// Imports lists what the Go files of the merged repository import: what they
// need stays, and Tidy rests on the list being complete. If it is nil, they are
// taken to import what theirs was solved for.
func Merge(base, ours, theirs Files, imports []string) (Merged, error) {
	f, err := known()
	if err != nil {
		return Merged{}, err
	}
	m := merger{facts: f, imports: imports}
	return m.merge(base, ours, theirs)
}

func (m *merger) merge(base, ours, theirs Files) (Merged, error) {
	if same(base, theirs) || same(ours, theirs) {
		return Merged{Files: Files{Mod: ours.Mod, Sum: ours.Sum}, Tidy: true}, nil
	}
	if err := m.read(base, ours, theirs); err != nil {
		return Merged{}, err
	}
	m.settleRows()
	mod, err := m.editMod()
	if err != nil {
		return Merged{}, err
	}
	sum := m.settleSums()
	tidy := !m.own && !m.kept && !m.missing()
	if tidy && same(base, ours) {
		mod, sum = theirs.Mod, theirs.Sum // an edit may leave other blocks
	}
	return Merged{Files{Mod: mod, Sum: sum}, tidy, m.notes}, nil
}

func same(a, b Files) bool { return bytes.Equal(a.Mod, b.Mod) && bytes.Equal(a.Sum, b.Sum) }

func (m *merger) read(base, ours, theirs Files) (err error) {
	if m.base, err = readSide("base/", base); err != nil {
		return err
	}
	if m.theirs, err = readSide("theirs/", theirs); err != nil {
		return err
	}
	if m.ours, err = readSide("", ours); err != nil {
		return err
	}
	if m.ours.file.Module == nil {
		return errors.New("go.mod: no module line")
	}
	return nil
}
