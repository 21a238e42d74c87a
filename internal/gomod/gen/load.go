package main

import (
	"fmt"
	"path"

	"golang.org/x/mod/module"
)

// pkg is one package that "go mod tidy" loads for the catalogue.
type pkg struct {
	path           string
	mod            module.Version
	imports, tests []*pkg
}

// loader finds packages in modules as cmd/go does in importFromModules: in the
// roots first, and only if no root has it in the rest of the graph.
type loader struct {
	cache *cache
	roots map[string]string
	graph graph
	pkgs  map[string]*pkg // nil for a package that nothing provides
	// absent holds the module versions that must be looked into but are not
	// in the cache yet.
	absent map[module.Version]bool
}

func newLoader(c *cache, roots []module.Version) (*loader, error) {
	g, err := walk(roots, c.modFile)
	if err != nil {
		return nil, err
	}
	l := &loader{cache: c, roots: map[string]string{}, graph: g,
		pkgs: map[string]*pkg{}, absent: map[module.Version]bool{}}
	for _, m := range roots {
		l.roots[m.Path] = m.Version
	}
	return l, nil
}

// load loads the entries, what they import, and what the tests of all of these
// import, which is what "go mod tidy" loads for a module that imports them.
func (l *loader) load(entries []string) error {
	var all []*pkg
	for _, path := range entries {
		if p, err := l.pkg(path); err != nil {
			return err
		} else if p != nil {
			all = append(all, p)
		}
	}
	all = reach(all)
	for _, p := range all {
		if err := l.loadTests(p); err != nil {
			return err
		}
	}
	return nil
}

// pkg loads a package and what it imports. It returns nil if no module here
// has it.
func (l *loader) pkg(path string) (*pkg, error) {
	if p, ok := l.pkgs[path]; ok {
		return p, nil
	}
	m, dir, err := l.find(path)
	if err != nil {
		return nil, err
	}
	if dir == "" {
		l.pkgs[path] = nil
		return nil, nil
	}
	p := &pkg{path: path, mod: m}
	l.pkgs[path] = p
	imports, _, err := scan(dir)
	if err != nil {
		return nil, err
	}
	p.imports, err = l.list(imports)
	return p, err
}

func (l *loader) loadTests(p *pkg) error {
	dir, _ := l.cache.packageDir(p.mod, p.path)
	_, tests, err := scan(dir)
	if err != nil {
		return err
	}
	p.tests, err = l.list(tests)
	return err
}

func (l *loader) list(paths []string) ([]*pkg, error) {
	var list []*pkg
	for _, path := range paths {
		p, err := l.pkg(path)
		if err != nil {
			return nil, err
		}
		if p != nil {
			list = append(list, p)
		}
	}
	return list, nil
}

// find returns the module version that provides a package, and the folder.
func (l *loader) find(pkg string) (module.Version, string, error) {
	for _, versions := range []map[string]string{l.roots, l.graph.Selected} {
		var found module.Version
		var at string
		for prefix := pkg; prefix != "."; prefix = path.Dir(prefix) {
			m := module.Version{Path: prefix, Version: versions[prefix]}
			if m.Version == "" {
				continue
			}
			if !l.provides(m, pkg) {
				continue
			}
			if at != "" {
				return m, "", fmt.Errorf("package %s is in %s and in %s", pkg, found, m)
			}
			found = m
			at, _ = l.cache.packageDir(m, pkg)
		}
		if at != "" {
			return found, at, nil
		}
	}
	return module.Version{}, "", nil
}

// provides says whether a module version holds a package. If it is absent from
// the cache that is noted, and it does not.
func (l *loader) provides(m module.Version, pkg string) bool {
	if !l.cache.has(m) {
		l.absent[m] = true
		return false
	}
	_, ok := l.cache.packageDir(m, pkg)
	return ok
}

// reach returns the packages and all that they import, directly or not.
func reach(from []*pkg) []*pkg {
	seen := map[*pkg]bool{}
	var list []*pkg
	for queue := from; len(queue) > 0; {
		p := queue[0]
		queue = queue[1:]
		if !seen[p] {
			seen[p] = true
			list = append(list, p)
			queue = append(queue[:len(queue):len(queue)], p.imports...)
		}
	}
	return list
}
