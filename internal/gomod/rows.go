package gomod

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// merger merges three sides.
type merger struct {
	facts              *facts.Facts
	imports            []string
	base, ours, theirs side

	// own says that ours needs more than base and theirs explain, kept that
	// something stayed which theirs drops.
	own, kept bool
	// imported holds the modules that provide the imports, used those that the
	// imports need, tested those that only the tests of these need, and needed
	// those that the modules added by theirs need, as far as the facts tell.
	imported, used, tested, needed map[string]bool
	// rows is the outcome.
	rows  map[string]row
	notes []string
}

func (m *merger) note(format string, args ...any) {
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
}

// settleRows decides which rows stand in the merged go.mod.
func (m *merger) settleRows() {
	m.imported = m.findImported()
	m.used, m.tested = m.findUsed()
	m.needed = m.findNeeded()
	m.own = m.hasOwn()
	m.rows = map[string]row{}
	paths := map[string]row{}
	for _, s := range []side{m.base, m.ours, m.theirs} {
		maps.Copy(paths, s.rows)
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if r, ok := m.settle(path); ok {
			r.indirect = r.indirect && !m.imported[path]
			m.rows[path] = r
		}
	}
}

// settle decides one row.
func (m *merger) settle(path string) (row, bool) {
	b, inBase := m.base.rows[path]
	o, inOurs := m.ours.rows[path]
	t, inTheirs := m.theirs.rows[path]
	switch {
	case inOurs && inTheirs:
		return m.both(path), true
	case inTheirs && inBase && m.needed[path]:
		m.note("brought back %s: what is new needs it", path)
		return t, true
	case inTheirs:
		return t, !inBase
	case inOurs && inBase && o == b:
		return m.dropped(path, o)
	}
	return o, inOurs
}

// both settles a row that ours and theirs have.
func (m *merger) both(path string) row {
	b, inBase := m.base.rows[path]
	o, t := m.ours.rows[path], m.theirs.rows[path]
	r := t
	touched := o.version != b.version
	switch {
	case touched && t.version == b.version:
		r.version = o.version
	case (touched || m.own) && semver.Compare(o.version, t.version) > 0:
		r.version = o.version
	case m.own && o.version != t.version:
		m.note("raised %s from %s to %s", path, o.version, t.version)
	}
	switch {
	case !inBase:
		r.indirect = o.indirect && t.indirect
	case o.indirect != b.indirect:
		r.indirect = o.indirect
	}
	return r
}

// dropped settles a row that theirs drops and the owner has not touched.
func (m *merger) dropped(path string, r row) (row, bool) {
	switch {
	case m.used[path]:
		m.kept = true
		return row{r.version, true}, true
	case !m.own:
		return row{}, false
	case m.forTests(path) && m.theirs.whole(module.Version{Path: path, Version: r.version}):
		m.note("dropped %s: other requirements imply it now", path)
		return row{}, false
	}
	m.kept = true
	m.note("kept %s: your own requirements may rest on it", path)
	return row{r.version, true}, true
}

// missing says whether the owner removed what base and theirs have.
func (m *merger) missing() bool {
	for path := range m.base.rows {
		_, inOurs := m.ours.rows[path]
		_, inTheirs := m.theirs.rows[path]
		if inTheirs && !inOurs {
			return true
		}
	}
	for l := range m.base.sums {
		if m.theirs.sums[l] && !m.ours.sums[l] {
			return true
		}
	}
	return false
}
