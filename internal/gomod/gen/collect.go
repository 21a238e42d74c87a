package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// collect works out the facts of a closed catalogue.
func collect(l *loader, entries []string) (*facts.Facts, error) {
	f := &facts.Facts{
		Packages: map[string]facts.Package{},
		Modules:  map[string]facts.Module{},
		Sums:     map[module.Version]string{},
	}
	watched := map[string]bool{}
	for _, entry := range entries {
		p := l.describe(l.pkgs[entry])
		for _, t := range p.Tests {
			watched[t.Module] = true
		}
		for _, b := range p.Beside {
			watched[b.Prefix] = true
		}
		f.Packages[entry] = p
	}
	for path, version := range l.roots {
		m, err := l.follow(module.Version{Path: path, Version: version}, watched)
		if err != nil {
			return nil, err
		}
		f.Modules[path] = m
	}
	return f, l.sums(f)
}

// describe says which modules a package brings, and how.
func (l *loader) describe(entry *pkg) facts.Package {
	p := facts.Package{Module: entry.mod.Path}
	all := reach([]*pkg{entry})
	seen := map[*pkg]bool{}
	for _, q := range all {
		seen[q] = true
		p.Needs = append(p.Needs, q.mod.Path)
	}
	p.Needs = compact(p.Needs)

	var level []*pkg
	for _, q := range all {
		level = append(level, q.tests...)
	}
	found := map[string]bool{}
	for depth := 1; len(level) > 0; depth++ {
		var next []*pkg
		for _, q := range level {
			if seen[q] {
				continue
			}
			seen[q] = true
			next = append(next, q.imports...)
			if slices.Contains(p.Needs, q.mod.Path) {
				continue
			}
			if !found[q.mod.Path] {
				found[q.mod.Path] = true
				p.Tests = append(p.Tests, facts.Test{Module: q.mod.Path, Level: depth})
			}
			p.Beside = append(p.Beside, l.beside(q)...)
		}
		level = next
	}
	slices.SortFunc(p.Tests, func(a, b facts.Test) int { return strings.Compare(a.Module, b.Module) })
	slices.SortFunc(p.Beside, func(a, b facts.Beside) int {
		return strings.Compare(a.Module+" "+a.Prefix, b.Module+" "+b.Prefix)
	})
	p.Beside = slices.Compact(p.Beside)
	return p
}

// beside lists the other modules of the graph that could provide a package,
// going by their paths.
func (l *loader) beside(p *pkg) []facts.Beside {
	var list []facts.Beside
	for prefix := p.path; prefix != "."; prefix = path.Dir(prefix) {
		if prefix == p.mod.Path {
			continue
		}
		for _, v := range l.named[prefix] {
			list = append(list, facts.Beside{Module: p.mod.Path, Prefix: prefix})
			if !l.cache.has(v) {
				l.absent[v] = true
			} else if _, ok := l.cache.packageDir(v, p.path); ok {
				l.rivals = append(l.rivals, fmt.Sprintf("%s is in %s and in %s", p.path, p.mod, v))
			}
		}
	}
	return list
}

// follow says what requiring a module does to the graph, as far as the watched
// modules and the go.mod files to be read are concerned.
func (l *loader) follow(m module.Version, watched map[string]bool) (facts.Module, error) {
	g, err := walk([]module.Version{m}, l.cache.modFile)
	if err != nil {
		return facts.Module{}, err
	}
	f := facts.Module{Version: m.Version}
	for path := range watched {
		if v := g.Selected[path]; v != "" && path != m.Path {
			f.Names = append(f.Names, module.Version{Path: path, Version: v})
		}
	}
	for v := range g.Read {
		if v != m {
			f.Reads = append(f.Reads, v)
		}
	}
	module.Sort(f.Names)
	module.Sort(f.Reads)
	return f, nil
}

func (l *loader) sums(f *facts.Facts) error {
	// A root provides packages, so that go.sum may need it whole; of what is
	// only read the go.mod; of what stands beside only the zip, at whatever
	// version some subset selects.
	zips := map[module.Version]bool{}
	mods := map[module.Version]bool{}
	for path, m := range f.Modules {
		v := module.Version{Path: path, Version: m.Version}
		zips[v], mods[v] = true, true
		for _, v := range m.Reads {
			mods[v] = true
		}
	}
	for _, p := range f.Packages {
		for _, b := range p.Beside {
			for _, v := range l.named[b.Prefix] {
				zips[v] = true
			}
		}
	}
	for v := range mods {
		sum, err := l.cache.modSum(v)
		if err != nil {
			return fmt.Errorf("checksum of the go.mod of %s: %w", v, err)
		}
		f.Sums[module.Version{Path: v.Path, Version: v.Version + "/go.mod"}] = sum
	}
	for v := range zips {
		sum, err := l.cache.zipSum(v)
		if err != nil {
			return fmt.Errorf("checksum of %s: %w", v, err)
		}
		f.Sums[v] = sum
	}
	return nil
}
