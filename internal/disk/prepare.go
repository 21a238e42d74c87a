package disk

import (
	"errors"
	"fmt"
	"slices"

	"github.com/startkit/startkit/internal/tree"
)

// stage puts what was and what shall be into the transaction's folder, and
// lists the folders that will be made. The edits stand in the order of the
// journal's entries.
func (w work) stage(j *journal, edits []tree.Edit) error {
	for _, dir := range []string{freshDir, staleDir} {
		if err := w.claim.dir.mkdir(dir); err != nil {
			return err
		}
	}
	for i, e := range j.Entries {
		if e.idle() {
			continue
		}
		if err := w.stageOne(i, edits[i]); err != nil {
			return fmt.Errorf("%s: %w", e.Path, err)
		}
		if e.After != nil {
			j.Made = append(j.Made, w.missing(e.Path, j.Made)...)
		}
	}
	for _, dir := range []string{freshDir, staleDir} {
		if err := w.claim.dir.syncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

func (w work) stageOne(i int, e tree.Edit) error {
	if e.Before != nil {
		if err := w.keepOld(i, e); err != nil {
			return err
		}
	}
	if e.After == nil {
		return nil
	}
	f, err := w.root.create(w.fresh(i), e.After.Data, modeOf(*e.After))
	if err != nil {
		return err
	}
	if e.Before != nil {
		if info, err := w.root.root.Lstat(e.Path); err == nil {
			if err := likeBefore(f, info, e.After.Exec); err != nil {
				return errors.Join(err, f.Close())
			}
		}
	}
	return w.root.settle(f, w.fresh(i))
}

// keepOld puts the file as it was aside: by a second name, so that an undo
// brings back the very file with its owner, time and attributes, or as a copy
// where the file system has no such thing.
func (w work) keepOld(i int, e tree.Edit) error {
	if err := w.root.link(e.Path, w.stale(i)); err != nil {
		return w.root.save(w.stale(i), e.Before.Data, modeOf(*e.Before))
	}
	now, odd, err := w.root.look(w.stale(i))
	if err == nil && (odd != nil || !now.same(markOf(e.Before))) {
		err = &ChangedError{[]string{e.Path}}
	}
	return err
}

// missing lists the folders above name that are not there yet.
func (w work) missing(name string, made []string) []string {
	var dirs []string
	for _, dir := range parents(name) {
		if kind, err := w.root.kind(dir); err == nil && kind != Folder && !slices.Contains(made, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}
