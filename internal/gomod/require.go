package gomod

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// requirements are the modules that a go.mod must list, its roots.
type requirements struct {
	facts *facts.Facts
	roots map[string]bool
}

// require finds the roots as tidyPrunedRoots of the go command does: every
// module that the packages need, and of the modules that only tests of
// dependencies need those that the graph of the roots would select at too low a
// version. It goes by level, as those found on one level change the graph that
// the next is judged by.
func require(f *facts.Facts, packages []facts.Package) requirements {
	r := requirements{f, map[string]bool{}}
	levels := map[string]int{}
	for _, p := range packages {
		for _, m := range p.Needs {
			r.roots[m] = true
		}
		for _, t := range p.Tests {
			if level, ok := levels[t.Module]; !ok || t.Level < level {
				levels[t.Module] = t.Level
			}
		}
	}
	tests := slices.SortedFunc(maps.Keys(levels), func(a, b string) int { return levels[a] - levels[b] })
	for len(tests) > 0 {
		level := levels[tests[0]]
		selected := r.selected()
		for len(tests) > 0 && levels[tests[0]] == level {
			m := tests[0]
			tests = tests[1:]
			if semver.Compare(selected[m], f.Modules[m].Version) < 0 {
				r.roots[m] = true
			}
		}
	}
	r.disambiguate(packages)
	return r
}

// disambiguate adds the modules that some older module in the graph rivals: what
// is found in a root is not looked for elsewhere.
func (r requirements) disambiguate(packages []facts.Package) {
	for n := -1; n < len(r.roots); {
		n = len(r.roots)
		selected := r.selected()
		for _, p := range packages {
			for _, rival := range p.Rivals {
				if selected[rival.Version.Path] == rival.Version.Version {
					r.roots[rival.Module] = true
				}
			}
		}
	}
}

// selected returns the version that the graph of the roots selects of each root
// and of each module that tests may need.
func (r requirements) selected() map[string]string {
	selected := map[string]string{}
	raise := func(path, version string) {
		if semver.Compare(selected[path], version) < 0 {
			selected[path] = version
		}
	}
	for path := range r.roots {
		m := r.facts.Modules[path]
		raise(path, m.Version)
		for _, v := range m.Names {
			raise(v.Path, v.Version)
		}
	}
	return selected
}

// versions returns the roots in order.
func (r requirements) versions() []module.Version {
	var list []module.Version
	for path := range r.roots {
		list = append(list, module.Version{Path: path, Version: r.facts.Modules[path].Version})
	}
	slices.SortFunc(list, func(a, b module.Version) int { return strings.Compare(a.Path, b.Path) })
	return list
}
