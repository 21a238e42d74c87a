package disk

// passage is the way of one path from one state to another.
type passage struct {
	path       string
	have, want *mark
	from       string // where the bytes of want lie
}

// pass moves one path. It is false if the path is neither as it was nor as it
// was to become, nor a later version of that.
func (w work) pass(j journal, p passage) (bool, error) {
	if p.have == nil {
		if err := w.makeWay(j, p.path); err != nil {
			return false, err
		}
	}
	now, odd, err := w.root.look(p.path)
	if err == nil && odd == nil {
		odd, err = w.root.fileAbove(p.path, nil)
	}
	switch {
	case err != nil:
		return false, err
	case p.want == nil && now == nil && odd.harmless(p.path):
		return true, nil
	case odd == nil && now.same(p.want):
		return true, nil
	case odd == nil && now.same(p.have):
		if !w.ready(p) {
			return false, nil // somebody emptied our folder
		}
		return true, w.move(p)
	}
	return w.moved(p)
}

// harmless says that what stands at or above a path is no file there: the name
// went to a folder, or the folder's name to a file.
func (o *Odd) harmless(path string) bool {
	return o == nil || o.Kind == Folder || o.Kind == Regular && o.Path != path
}

// ready says whether the bytes to be moved in are there.
func (w work) ready(p passage) bool {
	if p.want == nil {
		return true
	}
	m, odd, err := w.root.look(p.from)
	return err == nil && odd == nil && m.same(p.want)
}

// moved says whether the bytes were moved in already, so that what is there
// now is what their owner made of them since. Bytes that were put aside for
// him by a Recover that was killed in its turn were not.
func (w work) moved(p passage) (bool, error) {
	if p.want == nil {
		return false, nil
	}
	if kind, err := w.root.kind(p.from); err != nil || kind != Absent {
		return false, err
	}
	saved, err := w.savedAs(p)
	return saved == "", err
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
