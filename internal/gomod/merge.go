package gomod

import (
	"bytes"
	"errors"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// Merged is a go.mod and go.sum that two sides have changed.
type Merged struct {
	Files
	// Tidy promises that "go mod tidy" has nothing to change if it had nothing
	// to change in ours. It is false if requirements of the owner's own meet a
	// change: what their go.mod files ask for is not known here. Most often
	// tidy finds nothing even then, but it is for the owner to run it.
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
//     Only a row that theirs drops because others imply it now goes always.
//
// Imports lists what the Go files of the merged repository import, so that what
// provides one of them stays; nil if that is not known.
func Merge(base, ours, theirs Files, imports []string) (Merged, error) {
	f, err := known()
	if err != nil {
		return Merged{}, err
	}
	return merge(f, base, ours, theirs, imports)
}

func merge(f *facts.Facts, base, ours, theirs Files, imports []string) (Merged, error) {
	switch {
	case same(base, theirs), same(ours, theirs):
		return Merged{Files: ours, Tidy: true}, nil
	case same(base, ours):
		return Merged{Files: theirs, Tidy: true}, nil
	}
	m := merger{facts: f, imports: imports}
	for _, s := range []struct {
		side  *side
		name  string
		files Files
	}{{&m.base, "base/", base}, {&m.ours, "", ours}, {&m.theirs, "theirs/", theirs}} {
		var err error
		if *s.side, err = readSide(s.name, s.files); err != nil {
			return Merged{}, err
		}
	}
	if m.ours.file.Module == nil {
		return Merged{}, errors.New("go.mod: no module line")
	}
	m.settleRows()
	mod, err := m.editMod()
	if err != nil {
		return Merged{}, err
	}
	sum := m.settleSums()
	return Merged{
		Files: Files{Mod: mod, Sum: sum, Direct: m.direct()},
		Tidy:  !m.own && !m.kept && !m.missing(),
		Notes: m.notes,
	}, nil
}

func same(a, b Files) bool { return bytes.Equal(a.Mod, b.Mod) && bytes.Equal(a.Sum, b.Sum) }
