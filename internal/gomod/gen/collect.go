package main

import (
	"cmp"
	"maps"
	"path"
	"slices"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// collect works out the facts of a settled catalogue, but for its go lines. It
// has not done so fully as long as the loader has absent module versions.
func collect(l *loader, entries []string) (*facts.Facts, error) {
	f := &facts.Facts{
		Packages: map[string]facts.Package{},
		Modules:  map[string]facts.Module{},
		Sums:     map[module.Version]string{},
	}
	all := map[string]brought{}
	watched := map[string]bool{}
	for _, entry := range entries {
		b := bring(l.pkgs[entry])
		all[entry] = b
		for _, p := range b.packages {
			for _, prefix := range prefixes(p) {
				watched[prefix] = true
			}
			watched[p.mod.Path] = true
		}
	}
	for path, version := range l.roots {
		m, err := l.follow(module.Version{Path: path, Version: version}, watched)
		if err != nil {
			return nil, err
		}
		f.Modules[path] = m
	}
	possible := possibleVersions(f)
	for entry, b := range all {
		f.Packages[entry] = l.describe(l.pkgs[entry], b, possible)
	}
	if len(l.absent) > 0 {
		return f, nil
	}
	return f, l.sums(f, possible)
}

// brought is what a package brings along: the modules of what it imports, and
// the packages of other modules that only tests reach, with the number of
// imports from the test to the package, the nearest first.
type brought struct {
	needs    []string
	packages []*pkg
	levels   map[*pkg]int
}

func bring(entry *pkg) brought {
	b := brought{levels: map[*pkg]int{}}
	seen := map[*pkg]bool{}
	var level []*pkg
	for _, p := range reach([]*pkg{entry}) {
		seen[p] = true
		b.needs = append(b.needs, p.mod.Path)
		level = append(level, p.tests...)
	}
	b.needs = compact(b.needs)
	for depth := 1; len(level) > 0; depth++ {
		var next []*pkg
		for _, p := range level {
			if seen[p] {
				continue
			}
			seen[p] = true
			next = append(next, p.imports...)
			if !slices.Contains(b.needs, p.mod.Path) {
				b.packages = append(b.packages, p)
				b.levels[p] = depth
			}
		}
		level = next
	}
	return b
}

// follow says what requiring a module does to the graph, as far as the watched
// modules and the go.mod files to be read are concerned.
func (l *loader) follow(m module.Version, watched map[string]bool) (facts.Module, error) {
	g, err := walk([]module.Version{m}, l.cache.modFile)
	if err != nil {
		return facts.Module{}, err
	}
	f := facts.Module{Version: m.Version}
	for path, version := range g.Selected {
		if watched[path] && path != m.Path {
			f.Names = append(f.Names, module.Version{Path: path, Version: version})
		}
	}
	delete(g.Read, m)
	f.Reads = slices.Collect(maps.Keys(g.Read))
	module.Sort(f.Names)
	module.Sort(f.Reads)
	return f, nil
}

// possibleVersions returns the versions of each watched module that some subset
// of the catalogue may select.
func possibleVersions(f *facts.Facts) map[string][]string {
	possible := map[string][]string{}
	for path, m := range f.Modules {
		possible[path] = append(possible[path], m.Version)
		for _, v := range m.Names {
			possible[v.Path] = append(possible[v.Path], v.Version)
		}
	}
	for path := range possible {
		possible[path] = compact(possible[path])
	}
	return possible
}

// describe writes down what a package brings along.
func (l *loader) describe(entry *pkg, b brought, possible map[string][]string) facts.Package {
	f := facts.Package{Module: entry.mod.Path, Needs: b.needs}
	first := map[string]int{}
	for _, p := range b.packages {
		m := p.mod.Path
		if first[m] == 0 {
			first[m] = b.levels[p]
		}
		for _, prefix := range prefixes(p) {
			for _, version := range possible[prefix] {
				v := module.Version{Path: prefix, Version: version}
				f.Beside = append(f.Beside, facts.Beside{Module: m, Prefix: prefix})
				if l.provides(v, p.path) {
					f.Rivals = append(f.Rivals, facts.Rival{Module: m, Version: v})
				}
			}
		}
	}
	for _, m := range slices.Sorted(maps.Keys(first)) {
		f.Tests = append(f.Tests, facts.Test{Module: m, Level: first[m]})
	}
	slices.SortFunc(f.Beside, func(a, b facts.Beside) int {
		return cmp.Or(cmp.Compare(a.Module, b.Module), cmp.Compare(a.Prefix, b.Prefix))
	})
	slices.SortFunc(f.Rivals, func(a, b facts.Rival) int {
		return cmp.Or(cmp.Compare(a.Module, b.Module), cmp.Compare(a.Version.String(), b.Version.String()))
	})
	f.Beside = slices.Compact(f.Beside)
	f.Rivals = slices.Compact(f.Rivals)
	return f
}

// prefixes lists the paths, but for that of its own module, that a module which
// holds the package could have.
func prefixes(p *pkg) []string {
	var list []string
	for prefix := p.path; prefix != "."; prefix = path.Dir(prefix) {
		if prefix != p.mod.Path {
			list = append(list, prefix)
		}
	}
	return list
}
