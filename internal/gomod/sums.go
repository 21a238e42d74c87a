package gomod

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// settleSums decides which lines stand in the merged go.sum, once the rows are
// settled, and writes it.
func (m *merger) settleSums() []byte {
	keep := map[line]bool{}
	latest, reads := m.latest(), m.reads()
	for l := range m.ours.sums {
		switch {
		case !m.base.sums[l], m.theirs.sums[l]:
			keep[l] = true
		case outdated(l, latest):
		case m.own, m.brought(l.module()), reads[l.module()]:
			keep[l], m.kept = true, true
		}
	}
	for l := range m.theirs.sums {
		removed := m.base.sums[l] && !m.ours.sums[l]
		switch {
		case outdated(l, latest):
		case !removed, reads[l.module()], m.restored(l.module()):
			keep[l] = true
		}
	}
	return formatLines(keep)
}

// latest returns the one version of each module that a go.sum needs whole: the
// version of its row, or else, as only the tests of dependencies use it, the
// highest that ours and theirs have selected.
func (m *merger) latest() map[string]string {
	latest := map[string]string{}
	if len(m.ours.file.Replace) > 0 {
		return latest // a replacement may need a version of its own
	}
	for _, sums := range []map[line]bool{m.ours.sums, m.theirs.sums} {
		for l := range sums {
			if l.whole() && semver.Compare(latest[l.Path], l.Version.Version) < 0 {
				latest[l.Path] = l.Version.Version
			}
		}
	}
	for path, r := range m.rows {
		latest[path] = r.version
	}
	return latest
}

// outdated says whether the line is of a whole module at another version than
// its latest.
func outdated(l line, latest map[string]string) bool {
	version, ok := latest[l.Path]
	return ok && l.whole() && l.Version.Version != version
}

// reads returns the module versions whose go.mod is read because of the rows, as
// far as the facts tell.
func (m *merger) reads() map[module.Version]bool {
	reads := map[module.Version]bool{}
	for path, r := range m.rows {
		if known := m.facts.Modules[path]; known.Version == r.version {
			for _, v := range known.Reads {
				reads[v] = true
			}
		}
	}
	return reads
}

// brought says whether the imports bring a module version, be it for tests, going
// by the facts.
func (m *merger) brought(v module.Version) bool {
	return (m.used[v.Path] || m.tested[v.Path]) && m.facts.Modules[v.Path].Version == v.Version
}

// restored says whether a module version whose lines the owner removed has come
// to be needed again.
func (m *merger) restored(v module.Version) bool {
	r, required := m.rows[v.Path]
	return m.needed[v.Path] && (!required || r.version == v.Version)
}

// formatLines writes a go.sum as the go command does.
func formatLines(lines map[line]bool) []byte {
	sums := map[module.Version][]string{}
	for l := range lines {
		sums[l.Version] = append(sums[l.Version], l.sum)
	}
	versions := slices.Collect(maps.Keys(sums))
	module.Sort(versions)
	var b bytes.Buffer
	for _, v := range versions {
		slices.Sort(sums[v])
		for _, sum := range sums[v] {
			fmt.Fprintf(&b, "%s %s %s\n", v.Path, v.Version, sum)
		}
	}
	return b.Bytes()
}
