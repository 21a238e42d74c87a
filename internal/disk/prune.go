package disk

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// makeWay removes the folders at and below a path where a file is to be, if
// they are empty and the transaction emptied or made them.
func (w work) makeWay(j journal, at string) error {
	for _, dir := range slices.Backward(j.Made) {
		if dir == at || strings.HasPrefix(dir, at+"/") {
			if err := w.prune(dir, dir); err != nil {
				return err
			}
		}
	}
	for _, e := range j.Entries {
		if e.After == nil && strings.HasPrefix(e.Path, at+"/") {
			if err := w.prune(path.Dir(e.Path), at); err != nil {
				return err
			}
		}
	}
	return nil
}

// prune removes empty folders from dir upwards, until one is not empty or top
// was removed.
func (w work) prune(dir, top string) error {
	// A link must not be taken for the folder that it leads to.
	if odd, err := w.root.linkAbove(dir); err != nil || odd != nil {
		return err
	}
	for ; dir != "."; dir = path.Dir(dir) {
		if kind, err := w.root.kind(dir); err != nil || kind == Symlink || kind == Regular {
			return err
		} else if kind == Absent {
			continue
		}
		if !w.root.empty(dir) {
			return nil
		}
		if err := w.root.remove(dir); err != nil || dir == top {
			return err
		}
	}
	return nil
}

func (h hand) empty(dir string) bool {
	names, err := h.names(dir)
	return err == nil && len(names) == 0
}

// tidy removes the folders that the moves left empty, and waits until every
// folder that they touched is on the disk. An empty folder that cannot be
// removed stays; it is in no commit and no build.
func (w work) tidy(j journal, way string) error {
	if way == back {
		for _, dir := range slices.Backward(j.Made) {
			_ = w.prune(dir, dir)
		}
	}
	touched := map[string]bool{}
	for _, e := range j.Entries {
		if e.idle() {
			continue
		}
		if way == forward && e.After == nil {
			_ = w.prune(path.Dir(e.Path), "")
		}
		touched[path.Dir(e.Path)] = true
		for _, dir := range parents(e.Path) {
			touched[path.Dir(dir)] = true
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(touched)) {
		if kind, err := w.root.kind(dir); err != nil || kind != Folder {
			continue
		}
		if err := w.root.syncDir(dir); err != nil {
			return fmt.Errorf("settle %s: %w", dir, err)
		}
	}
	return nil
}
