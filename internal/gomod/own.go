package gomod

import (
	"maps"
	"path"
	"slices"
)

// hasOwn says whether ours needs more than base and theirs explain: a row or
// line of the owner's, or an import that the catalogue does not carry.
func (m *merger) hasOwn() bool {
	if f := m.ours.file; len(f.Replace)+len(f.Exclude)+len(f.Tool) > 0 {
		return true
	}
	for path, o := range m.ours.rows {
		b := m.base.rows[path]
		if t, ok := m.theirs.rows[path]; ok {
			if o.version != t.version && o.version != b.version {
				return true
			}
		} else if o != b {
			return true
		}
	}
	for l := range m.ours.sums {
		if !m.base.sums[l] && !m.theirs.sums[l] {
			return true
		}
	}
	return slices.ContainsFunc(m.imports, func(path string) bool {
		_, carried := m.facts.Packages[path]
		return !carried && !standard(path) && !within(path, m.ours.file.Module.Mod.Path)
	})
}

// findImported returns the modules of ours that provide the imports, going by
// the paths: the longest that is a prefix does.
func (m *merger) findImported() map[string]bool {
	imported := map[string]bool{}
	for _, pkg := range m.imports {
		for prefix := pkg; prefix != "." && prefix != "/"; prefix = path.Dir(prefix) {
			if _, ok := m.ours.rows[prefix]; ok {
				imported[prefix] = true
				break
			}
		}
	}
	return imported
}

// findUsed returns the modules that the imports need, what provides them and,
// for those that the catalogue carries, what they bring, and the modules that
// only the tests of these need.
func (m *merger) findUsed() (used, tested map[string]bool) {
	used, tested = maps.Clone(m.imported), map[string]bool{}
	for _, path := range m.imports {
		p := m.facts.Packages[path]
		for _, needs := range p.Needs {
			used[needs] = true
		}
		for _, t := range p.Tests {
			tested[t.Module] = true
		}
	}
	return used, tested
}

// findNeeded returns the modules that the modules added or changed by theirs
// bring, be it for their tests.
func (m *merger) findNeeded() map[string]bool {
	needed := map[string]bool{}
	for _, p := range m.facts.Packages {
		t, ok := m.theirs.rows[p.Module]
		if !ok || m.base.rows[p.Module].version == t.version {
			continue
		}
		for _, path := range p.Needs {
			needed[path] = true
		}
		for _, t := range p.Tests {
			needed[t.Module] = true
		}
	}
	return needed
}

// forTests says whether base can have required the module for nothing but the
// tests of dependencies: no package of a module that base requires needs it.
func (m *merger) forTests(path string) bool {
	for _, p := range m.facts.Packages {
		if _, ok := m.base.rows[p.Module]; ok && slices.Contains(p.Needs, path) {
			return false
		}
	}
	return true
}
