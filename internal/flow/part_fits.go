package flow

import (
	"path"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/tree"
)

// fits refuses a part that gives a name to what it brings that the domain's code
// has already, and notes what the part uses that its owners have taken away.
func fits(r repository, p answers.Part, s step, c change.Change) ([]string, error) {
	files, err := code(r, p, c)
	if err != nil {
		return nil, err
	}
	if p.Kind != answers.Migration && !lives(files, c) {
		return nil, fault.NoCode(folder(p.Domain))
	}
	var notes []string
	for _, f := range c.Files {
		if f.Verdict == change.KeptDeleted {
			for _, line := range unlike(s.before[f.Path].Data, s.after[f.Path].Data) {
				notes = append(notes, "what was in "+f.Path+" lacks a line, wherever it is now: "+line)
			}
		}
		if f.Before != nil && f.After != nil && f.Before.Same(*f.After) || files[f.Path].Data == nil {
			continue
		}
		if twice, at := change.Declared(files, f.Path); twice != "" && f.Verdict == change.Created {
			return nil, fault.Declared(twice, at, addCommand(p, "NAME"))
		}
		if missing := change.Undeclared(files, f.Path); len(missing) > 0 {
			notes = append(notes, f.Path+" uses "+strings.Join(missing, ", ")+", which nothing in "+folder(p.Domain)+" declares")
		}
	}
	return notes, nil
}

// lives says whether a domain has code besides that which a change brings.
func lives(files tree.Tree, c change.Change) bool {
	n := len(files)
	for _, f := range c.Files {
		if _, ok := files[f.Path]; ok && f.Verdict == change.Created {
			n--
		}
	}
	return n > 0
}

// unlike returns the lines of a file that another one does not have.
func unlike(other, file []byte) (lines []string) {
	has := map[string]bool{}
	for l := range strings.Lines(string(other)) {
		has[l] = true
	}
	for l := range strings.Lines(string(file)) {
		if !has[l] {
			lines = append(lines, strings.TrimSpace(l))
		}
	}
	return lines
}

// orphans notes what the owners' code uses of a part that is gone.
func orphans(r repository, p answers.Part, c change.Change) ([]string, error) {
	files, err := code(r, p, c)
	if err != nil {
		return nil, err
	}
	gone := tree.Tree{}
	for _, f := range c.Files {
		if f.Before != nil && f.After == nil {
			gone[f.Path] = *f.Before
		}
	}
	var notes []string
	for _, file := range files.Paths() {
		for _, name := range change.Undeclared(files, file) {
			if change.Declares(gone, name) {
				notes = append(notes, file+" still uses "+name+", which is gone")
			}
		}
	}
	return notes, nil
}

// code is the Go files of the domain of a part, as they are once a change is in.
func code(r repository, p answers.Part, c change.Change) (tree.Tree, error) {
	files, err := importers(r.root, c)
	for file := range files {
		if path.Dir(file) != folder(p.Domain) {
			delete(files, file)
		}
	}
	return files, err
}
