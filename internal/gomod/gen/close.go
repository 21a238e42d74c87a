package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// settle closes the catalogue in dir and returns a loader that has loaded it.
// A catalogue is closed if every module that provides a loaded package, were it
// only for the test of a dependency, is a row of its go.mod at the version that
// its graph selects. Then no subset of the packages can select another version.
func settle(dir string, c *cache, entries []string) (*loader, error) {
	for {
		f, err := readModFile(dir)
		if err != nil {
			return nil, err
		}
		if err := agree(dir, c, f); err != nil {
			return nil, err
		}
		l, err := newLoader(c, requirements(f))
		if err != nil {
			return nil, err
		}
		if err := l.load(entries); err != nil {
			return nil, err
		}
		if len(l.absent) > 0 {
			if err := download(dir, slices.Collect(maps.Keys(l.absent))); err != nil {
				return nil, err
			}
			continue
		}
		if !pin(f, l) {
			return l, lost(l)
		}
		if err := writeModFile(dir, f); err != nil {
			return nil, err
		}
	}
}

// agree has the go command read the graph, which fetches what is missing, and
// refuses to go on if it selects another version of anything than walk does.
func agree(dir string, c *cache, f *modfile.File) error {
	theirs, err := buildList(dir)
	if err != nil {
		return err
	}
	g, err := walk(requirements(f), c.modFile)
	if err != nil {
		return err
	}
	for path, version := range g.Selected {
		if theirs[path] != version {
			return fmt.Errorf("the go command selects %s %s and this program %s", path, theirs[path], version)
		}
	}
	return nil
}

// pin makes each module that provides a package a row of the go.mod, raises
// each row to what the graph selects, and says whether anything moved.
func pin(f *modfile.File, l *loader) bool {
	want := maps.Clone(l.roots)
	for _, p := range l.pkgs {
		if p != nil {
			want[p.mod.Path] = p.mod.Version
		}
	}
	for path, version := range want {
		if s := l.graph.Selected[path]; semver.Compare(s, version) > 0 {
			want[path] = s
		}
	}
	if maps.Equal(want, l.roots) {
		return false
	}
	direct := map[string]bool{}
	for _, r := range f.Require {
		direct[r.Mod.Path] = !r.Indirect
	}
	var rows []*modfile.Require
	for path, version := range want {
		v := module.Version{Path: path, Version: version}
		rows = append(rows, &modfile.Require{Mod: v, Indirect: !direct[path]})
	}
	f.SetRequireSeparateIndirect(rows)
	return true
}

// lost reports the packages that no module provides.
func lost(l *loader) error {
	for _, path := range slices.Sorted(maps.Keys(l.pkgs)) {
		if l.pkgs[path] == nil {
			return fmt.Errorf("no module of the catalogue provides package %s", path)
		}
	}
	return nil
}

func requirements(f *modfile.File) []module.Version {
	var list []module.Version
	for _, r := range f.Require {
		list = append(list, r.Mod)
	}
	return list
}

func readModFile(dir string) (*modfile.File, error) {
	name := filepath.Join(dir, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(name, data, nil)
}

func writeModFile(dir string, f *modfile.File) error {
	f.Cleanup()
	data, err := f.Format()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), data, 0o666)
}
