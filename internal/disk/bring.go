package disk

import (
	"fmt"
	"slices"
)

// bring moves every path of a journal forward, or back, and lists those that
// it left alone. It looks at each path first, and moves only what is still as
// the journal knows it, so that it can be killed and called again.
func (w work) bring(j journal, way string) (foreign []passage, err error) {
	for _, p := range w.passages(j, way) {
		moved, err := w.pass(j, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.path, err)
		}
		if !moved {
			foreign = append(foreign, p)
		}
	}
	return foreign, w.tidy(j, way)
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
