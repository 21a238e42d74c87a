package disk

import (
	"errors"
	"fmt"
	"slices"

	"github.com/startkit/startkit/internal/tree"
)

// Apply makes edits in the repository at root: all of them or none. Every
// Before must still be what is on the disk, bytes and executable bit; if not,
// the error is a ChangedError or an OddError with the paths, and nothing was
// written. A path that no repository should hold is a PathError. ErrUnfinished
// asks for Recover, ErrBusy says that another startkit is at work.
//
// If writing fails half way, what was written is undone and the error says
// so. Files keep their mode but for the executable bit; new ones are 0644 or
// 0755 less the umask. Folders that a deletion empties are removed.
func Apply(root string, edits []tree.Edit) error {
	if len(edits) == 0 {
		return nil
	}
	if err := checkEdits(edits); err != nil {
		return err
	}
	h, err := openHand(root)
	if err != nil {
		return err
	}
	return errors.Join(apply(h, deletionsFirst(edits)), h.root.Close())
}

func apply(h hand, edits []tree.Edit) error {
	w, err := openWork(h)
	if err != nil {
		return err
	}
	// Giving the folder up decides nothing any more: what stays of it is
	// taken over by the next run.
	defer func() { _ = w.close() }()
	if found, err := homes(h); err != nil || unfinished(h, found) {
		return orElse(err, ErrUnfinished)
	}
	if err := verify(h, edits); err != nil {
		return err
	}
	return w.transact(edits)
}

// transact stages the edits, writes the journal, and swaps them in.
func (w work) transact(edits []tree.Edit) error {
	if err := w.clear(); err != nil {
		return err
	}
	j := plan(edits)
	err := w.stage(&j, edits)
	if err == nil {
		err = w.begin(j)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("stage changes, nothing was written: %w", err), w.clear())
	}
	if err := w.swap(j); err != nil {
		return w.revert(j, err)
	}
	w.finish()
	return nil
}

// swap brings every path from before to after. A file that changed since
// verify is an error here: its owner gets the refusal that verify would have
// given him.
func (w work) swap(j journal) error {
	foreign, err := w.bring(j, forward)
	if err != nil || foreign == nil {
		return err
	}
	var paths []string
	for _, p := range foreign {
		paths = append(paths, p.path)
	}
	return &ChangedError{paths}
}

// revert undoes a transaction after an error.
func (w work) revert(j journal, cause error) error {
	err := w.turn(forward, back)
	var kept []Kept
	if err == nil {
		kept, err = w.end(j, back)
	}
	if err == nil {
		err = w.turn(back, draft)
	}
	if err != nil {
		return fmt.Errorf("write changes: %w (half done, the next startkit goes on: %w)", cause, err)
	}
	for _, k := range kept {
		cause = fmt.Errorf("%w; %s was changed meanwhile and left alone, %s is what it was", cause, k.Path, k.Saved)
	}
	return errors.Join(fmt.Errorf("write changes, all undone: %w", cause), w.clear())
}

// finish drops the journal. The repository is whole by now, so what fails here
// is no failure of the transaction; the next Recover clears what it leaves.
func (w work) finish() {
	if w.turn(forward, done) == nil {
		_ = w.clear()
	}
}

func deletionsFirst(edits []tree.Edit) []tree.Edit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b tree.Edit) int {
		switch {
		case a.After == nil && b.After != nil:
			return -1
		case a.After != nil && b.After == nil:
			return 1
		}
		return 0
	})
	return edits
}

// unfinished says whether a run was cut short here.
func unfinished(h hand, found []string) bool {
	for _, home := range found {
		for _, name := range []string{forward, back, done} {
			if kind, err := h.kind(home + "/" + name); err != nil || kind != Absent {
				return true
			}
		}
	}
	return false
}
