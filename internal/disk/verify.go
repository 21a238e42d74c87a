package disk

import (
	"errors"
	"fmt"
	"strings"

	"github.com/startkit/startkit/internal/tree"
)

// checkEdits refuses paths that no repository should hold.
func checkEdits(edits []tree.Edit) error {
	var problems []string
	var kept []string
	gone := map[string]string{}
	for _, e := range edits {
		if why := flaw(e.Path); why != "" {
			problems = append(problems, fmt.Sprintf("%q %s", e.Path, why))
		}
		if e.After != nil {
			kept = append(kept, e.Path)
			continue
		}
		if first, ok := gone[fold(e.Path)]; ok {
			problems = append(problems, fmt.Sprintf("%q and %q are deleted at once", first, e.Path))
		}
		gone[fold(e.Path)] = e.Path
	}
	problems = append(problems, clashes(kept)...)
	for _, p := range kept {
		if first, ok := gone[fold(p)]; ok {
			problems = append(problems, fmt.Sprintf("%q is written and %q deleted at once", p, first))
		}
	}
	if problems == nil {
		return nil
	}
	return &PathError{problems}
}

// verify says which files are not what the edits expect of them.
func verify(h hand, edits []tree.Edit) error {
	gone := map[string]bool{}
	for _, e := range edits {
		if e.After == nil {
			gone[e.Path] = true
		}
	}
	var changed []string
	var odds []Odd
	for _, e := range edits {
		now, odd, err := h.look(e.Path)
		if err == nil && odd == nil {
			odd, err = h.fileAbove(e.Path, gone)
		}
		if err == nil && odd != nil && e.Before == nil && h.vacates(*odd, e.Path, gone) {
			odd = nil
		}
		switch {
		case err != nil:
			return fmt.Errorf("read %s: %w", e.Path, err)
		case odd != nil:
			odds = append(odds, *odd)
		case !now.same(markOf(e.Before)):
			changed = append(changed, e.Path)
		}
	}
	if changed != nil || odds != nil {
		return refusal(changed, odds)
	}
	return twins(h, edits)
}

func refusal(changed []string, odds []Odd) error {
	var problems []error
	if changed != nil {
		problems = append(problems, &ChangedError{changed})
	}
	if odds != nil {
		problems = append(problems, &OddError{odds})
	}
	return errors.Join(problems...)
}

// fileAbove finds a file that stands where a folder above name must be, unless
// it is about to go.
func (h hand) fileAbove(name string, gone map[string]bool) (*Odd, error) {
	for _, dir := range parents(name) {
		kind, err := h.kind(dir)
		if err != nil || kind == Absent || gone[dir] {
			return nil, err
		}
		if kind != Folder {
			return &Odd{dir, kind}, nil
		}
	}
	return nil, nil
}

// vacates says whether the folder that stands where a file is to be will be
// empty by then: everything in it is about to go.
func (h hand) vacates(odd Odd, name string, gone map[string]bool) bool {
	if odd.Kind != Folder || odd.Path != name {
		return false
	}
	names, err := h.names(name)
	if err != nil {
		return false
	}
	for _, n := range names {
		below := name + "/" + n
		if gone[below] {
			continue
		}
		if kind, err := h.kind(below); err != nil || kind != Folder || !h.vacates(Odd{below, kind}, below, gone) {
			return false
		}
	}
	return strings.Count(name, "/") < 100
}
