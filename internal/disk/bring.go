package disk

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Kept is a file that was neither what it was before a transaction nor what it
// was to become: its owner changed it while the transaction lay unfinished.
// His version stays at Path.
type Kept struct {
	Path string
	// Saved is where startkit's version lies, relative to the root: the one
	// that was to be written, or the one that was to come back. It is empty
	// if that version is that there is no file, or if it was lost.
	Saved string
}

// keptDir holds the versions that Kept tells of. Nothing in it is ever removed
// by this package.
const keptDir = "kept"

// passage is the way of one path from one state to another.
type passage struct {
	path       string
	have, want *mark
	from       string // where the bytes of want lie
}

// bring moves every path of a journal forward, or back. It looks at each path
// first, and moves only what is still as the journal knows it, so that it can
// be killed and called again.
func (w work) bring(j journal, way string) ([]Kept, error) {
	var kept []Kept
	for _, p := range w.passages(j, way) {
		k, err := w.pass(j, p)
		if err != nil {
			return kept, fmt.Errorf("%s: %w", p.path, err)
		}
		if k != nil {
			kept = append(kept, *k)
		}
	}
	return kept, w.tidy(j, way)
}

// passages lists the moves in their order: back is forward from the end.
func (w work) passages(j journal, way string) []passage {
	var all []passage
	for i, e := range j.Entries {
		if e.idle() {
			continue
		}
		if way == back {
			all = append(all, passage{e.Path, e.After, e.Before, w.stale(i)})
		} else {
			all = append(all, passage{e.Path, e.Before, e.After, w.fresh(i)})
		}
	}
	if way == back {
		slices.Reverse(all)
	}
	return all
}

func (w work) pass(j journal, p passage) (*Kept, error) {
	now, odd, err := w.root.look(p.path)
	if err != nil {
		return nil, err
	}
	if odd == nil && now.same(p.want) {
		return nil, nil
	}
	if p.have == nil && odd != nil && odd.Kind == Folder && odd.Path == p.path {
		w.makeWay(j, p.path)
		now, odd, err = w.root.look(p.path)
	}
	if err != nil {
		return nil, err
	}
	if odd != nil || !now.same(p.have) || !w.ready(p) {
		return w.keep(p)
	}
	return nil, w.move(p)
}

// ready says whether the bytes to be moved in are there.
func (w work) ready(p passage) bool {
	if p.want == nil {
		return true
	}
	m, odd, err := w.root.look(p.from)
	return err == nil && odd == nil && m.same(p.want)
}

func (w work) move(p passage) error {
	if p.want == nil {
		return w.root.remove(p.path)
	}
	if err := w.root.mkdirs(p.path); err != nil {
		return err
	}
	return w.root.rename(p.from, p.path)
}

// keep puts startkit's version where its user can find it.
func (w work) keep(p passage) (*Kept, error) {
	if p.want == nil {
		return &Kept{Path: p.path}, nil
	}
	for n := 1; n < 100; n++ {
		saved := w.home + "/" + keptDir + "/" + p.path
		if n > 1 {
			saved = fmt.Sprintf("%s.%d", saved, n)
		}
		there, odd, err := w.root.look(saved)
		if err != nil {
			return nil, err
		}
		if odd == nil && there.same(p.want) {
			return &Kept{p.path, saved}, nil
		}
		if odd == nil && there == nil && w.ready(p) {
			return &Kept{p.path, saved}, w.move(passage{saved, nil, p.want, p.from})
		}
	}
	return &Kept{Path: p.path}, nil
}

// makeWay removes the folders at and below a path where a file is to be, if
// they are empty and the transaction emptied or made them.
func (w work) makeWay(j journal, at string) {
	for _, dir := range slices.Backward(j.Made) {
		if dir == at || strings.HasPrefix(dir, at+"/") {
			w.prune(dir, dir)
		}
	}
	for _, e := range j.Entries {
		if e.After == nil && strings.HasPrefix(e.Path, at+"/") {
			w.prune(path.Dir(e.Path), at)
		}
	}
}

// prune removes empty folders from dir upwards, until one is not empty or top
// was removed.
func (w work) prune(dir, top string) {
	for ; dir != "."; dir = path.Dir(dir) {
		// A link must not be taken for the folder that it leads to.
		if kind, err := w.root.kind(dir); err != nil || kind != Folder || !w.root.empty(dir) {
			return
		}
		if w.root.remove(dir) != nil || dir == top {
			return
		}
	}
}

func (h hand) empty(dir string) bool {
	names, err := h.names(dir)
	return err == nil && len(names) == 0
}

// tidy removes the folders that the moves left empty, and waits until every
// folder that they touched is on the disk.
func (w work) tidy(j journal, way string) error {
	if way == back {
		for _, dir := range slices.Backward(j.Made) {
			w.prune(dir, dir)
		}
	}
	touched := map[string]bool{}
	for _, e := range j.Entries {
		if e.idle() {
			continue
		}
		if way == forward && e.After == nil {
			w.prune(path.Dir(e.Path), "")
		}
		touched[path.Dir(e.Path)] = true
		for _, dir := range parents(e.Path) {
			touched[path.Dir(dir)] = true
		}
	}
	for dir := range touched {
		if err := w.root.syncDir(dir); err != nil && !missing(err) {
			return fmt.Errorf("settle %s: %w", dir, err)
		}
	}
	return nil
}
