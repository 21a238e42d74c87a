package gomod

import (
	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// sums returns what go.sum must hold, as keepSums of the go command does: the
// go.mod of every module that is read or provides a package, and every module
// that does or, going by its path, could.
func (r requirements) sums(packages []facts.Package) map[module.Version]bool {
	keep := map[module.Version]bool{}
	whole := func(path, version string) {
		keep[module.Version{Path: path, Version: version}] = true
		keep[module.Version{Path: path, Version: version + "/go.mod"}] = true
	}
	for path := range r.roots {
		m := r.facts.Modules[path]
		whole(path, m.Version)
		for _, v := range m.Reads {
			keep[module.Version{Path: v.Path, Version: v.Version + "/go.mod"}] = true
		}
	}
	selected := r.selected()
	for _, p := range packages {
		for _, t := range p.Tests {
			whole(t.Module, r.facts.Modules[t.Module].Version)
		}
		for _, b := range p.Beside {
			// What a root provides is looked for in roots alone, and these
			// are whole already.
			if version, ok := selected[b.Prefix]; ok && !r.roots[b.Module] {
				keep[module.Version{Path: b.Prefix, Version: version}] = true
			}
		}
	}
	return keep
}
