package gomod

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/startkit/startkit/internal/gomod/facts"
)

func solve(f *facts.Facts, m Module) (Files, error) {
	packages, err := find(f, m)
	if err != nil {
		return Files{}, err
	}
	r := require(f, packages)
	direct := map[string]bool{}
	for _, p := range packages {
		direct[p.Module] = true
	}
	files := Files{}
	var indirect []module.Version
	for _, v := range r.versions() {
		if direct[v.Path] {
			files.Direct = append(files.Direct, v)
		} else {
			indirect = append(indirect, v)
		}
	}
	files.Mod = formatMod(f, m.Path, files.Direct, indirect)
	files.Sum, err = formatSum(f, r.sums(packages))
	return files, err
}

// find returns the facts of the packages of the catalogue that m imports.
func find(f *facts.Facts, m Module) ([]facts.Package, error) {
	var found []facts.Package
	var unknown []string
	for _, path := range slices.Compact(slices.Sorted(slices.Values(m.Imports))) {
		if within(path, m.Path) || standard(path) {
			continue
		}
		if p, ok := f.Packages[path]; ok {
			found = append(found, p)
		} else {
			unknown = append(unknown, path)
		}
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("the catalogue of modules does not carry %s; import it in internal/gomod/catalogue/catalogue.go\n    make deps",
			strings.Join(unknown, ", "))
	}
	return found, nil
}

// within says whether a package is in a module, going by its path.
func within(pkg, module string) bool {
	rest, ok := strings.CutPrefix(pkg, module)
	return ok && (rest == "" || rest[0] == '/')
}

// standard says whether a package is of the standard library: the first
// element of its path has no dot.
func standard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return !strings.Contains(first, ".")
}

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
	return r
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
	slices.SortFunc(list, func(a, b module.Version) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

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
