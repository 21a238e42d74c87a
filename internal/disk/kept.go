package disk

import "fmt"

// Kept is a file that was neither what it was before a transaction nor what it
// was to become: its owner changed it while the transaction lay unfinished.
// His version stays at Path.
type Kept struct {
	Path string
	// Saved is where startkit's version lies, relative to the root: the one
	// that was to be written, or the one that was to come back. It is empty
	// if that version is that there is no file, or if its owner wrote over
	// both.
	Saved string
}

// keptDir holds the versions that Kept tells of. Nothing in it is ever removed
// by this package.
const keptDir = "kept"

// keepAll saves startkit's version of every path that was left alone.
func (w work) keepAll(foreign []passage) ([]Kept, error) {
	var kept []Kept
	for _, p := range foreign {
		saved, err := w.keep(p)
		if err != nil {
			return kept, fmt.Errorf("keep a version of %s: %w", p.path, err)
		}
		kept = append(kept, Kept{p.path, saved})
	}
	return kept, nil
}

// keep puts startkit's version where its user can find it, and says where.
func (w work) keep(p passage) (string, error) {
	if p.want == nil {
		return "", nil
	}
	if saved, err := w.savedAs(p); err != nil || saved != "" || !w.ready(p) {
		return saved, err
	}
	for n := range attempts {
		saved := w.aside(p.path, n)
		there, odd, err := w.root.look(saved)
		if err != nil {
			return "", err
		}
		if odd == nil && there == nil {
			return saved, w.move(passage{saved, nil, p.want, p.from})
		}
	}
	return "", nil
}

// savedAs finds the version that was put aside already.
func (w work) savedAs(p passage) (string, error) {
	for n := range attempts {
		saved := w.aside(p.path, n)
		there, odd, err := w.root.look(saved)
		if err != nil || odd == nil && there == nil {
			return "", err
		}
		if odd == nil && there.same(p.want) {
			return saved, nil
		}
	}
	return "", nil
}

// attempts is how many versions of one path can lie aside.
const attempts = 100

func (w work) aside(path string, n int) string {
	saved := w.home + "/" + keptDir + "/" + path
	if n > 0 {
		saved = fmt.Sprintf("%s.%d", saved, n+1)
	}
	return saved
}
