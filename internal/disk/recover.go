package disk

import (
	"errors"
	"slices"
)

// Outcome is what Recover did.
type Outcome int

// The ways in which a killed run can end.
const (
	// Nothing: no run was cut short.
	Nothing Outcome = iota
	// Finished: all that the killed run was about to write is written.
	Finished
	// Undone: nothing of what the killed run was about to write is there.
	Undone
)

func (o Outcome) String() string { return [...]string{"nothing to do", "finished", "undone"}[o] }

// Recovery is what Recover found and did.
type Recovery struct {
	Outcome Outcome
	// Paths lists what the killed run was about to change, in order. It is
	// empty if the run died before it had written its journal.
	Paths []string
	// Kept lists the files among them that somebody changed meanwhile and
	// that were left alone.
	Kept []Kept
}

// Recover ends what a killed Apply left in the repository at root. If the
// journal was complete it goes forward, unless the killed run was already
// going back; a file that is neither what it was nor what it was to become
// belongs to the user and is left alone (Kept). It is what every command calls
// first; where no run was cut short it costs two looks and writes nothing.
func Recover(root string) (Recovery, error) {
	h, err := openHand(root)
	if err != nil {
		return Recovery{}, err
	}
	defer h.root.Close()
	found, err := homes(h)
	if err != nil {
		return Recovery{}, err
	}
	var all Recovery
	for _, home := range found {
		r, err := resume(h, home)
		if err != nil {
			return all, err
		}
		all.Outcome = max(all.Outcome, r.Outcome)
		all.Paths = append(all.Paths, r.Paths...)
		all.Kept = append(all.Kept, r.Kept...)
	}
	slices.Sort(all.Paths)
	return all, nil
}

func resume(h hand, home string) (Recovery, error) {
	w, err := claimWork(h, home)
	if err != nil {
		return Recovery{}, err
	}
	r, err := w.resume()
	return r, errors.Join(err, w.close())
}

func (w work) resume() (Recovery, error) {
	state, j, err := w.state()
	if err != nil {
		return Recovery{}, err
	}
	switch state {
	case forward:
		return w.goForward(j)
	case back:
		return w.goBack(j)
	case done:
		return Recovery{Outcome: Finished, Paths: j.paths()}, w.clear()
	}
	if kind, err := w.claim.dir.kind(freshDir); err != nil || kind == Absent {
		return Recovery{}, errors.Join(err, w.clear())
	}
	return Recovery{Outcome: Undone}, w.clear()
}

func (w work) goForward(j journal) (Recovery, error) {
	if !w.complete(j) {
		if err := w.turn(forward, back); err != nil {
			return Recovery{}, err
		}
		return w.goBack(j)
	}
	kept, err := w.end(j, forward)
	if err != nil {
		return Recovery{}, err
	}
	w.finish()
	return Recovery{Finished, j.paths(), kept}, nil
}

func (w work) goBack(j journal) (Recovery, error) {
	kept, err := w.end(j, back)
	if err == nil {
		err = w.turn(back, draft)
	}
	if err != nil {
		return Recovery{}, err
	}
	return Recovery{Undone, j.paths(), kept}, w.clear()
}

// end brings everything to one side and keeps what it could not.
func (w work) end(j journal, way string) ([]Kept, error) {
	foreign, err := w.bring(j, way)
	if err != nil {
		return nil, err
	}
	return w.keepAll(foreign)
}

// complete says whether going forward is possible: somebody may have emptied
// the folder, and then the way back is the better one.
func (w work) complete(j journal) bool {
	for _, p := range w.passages(j, forward) {
		now, odd, err := w.root.look(p.path)
		if err == nil && odd == nil && now.same(p.have) && !w.ready(p) {
			return false
		}
	}
	return true
}

func (j journal) paths() []string {
	var paths []string
	for _, e := range j.Entries {
		if !e.idle() {
			paths = append(paths, e.Path)
		}
	}
	return paths
}
