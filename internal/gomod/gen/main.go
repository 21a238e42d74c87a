// Command gen works out the facts that package gomod solves from, and writes
// them to internal/gomod/facts.txt. It is run by "make deps", from the root of
// the repository, after the catalogue has been edited: a package imported in
// catalogue.go, or a version changed in its go.mod (by hand or by "go get" in
// its folder). It needs the go command and a module proxy.
//
//	go mod tidy    the catalogue's own go.mod, to start from
//	settle         close it: pin what any package or test is loaded from
//	collect        say of each package and module what it brings
//	Format         write that down
package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

func main() {
	if err := run(filepath.Join("internal", "gomod")); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run renews the facts of the catalogue below the folder of package gomod.
func run(room string) error {
	dir := filepath.Join(room, "catalogue")
	if _, err := goCommand(dir, "mod", "tidy"); err != nil {
		return err
	}
	cacheDir, err := goCommand(dir, "env", "GOMODCACHE")
	if err != nil {
		return err
	}
	entries, _, err := scan(dir)
	if err != nil {
		return err
	}
	c := &cache{dir: cacheDir, files: map[module.Version]modFile{}}
	f, err := build(dir, c, entries)
	if err != nil {
		return err
	}
	// The pins brought lines for go.sum that tidy did not know of.
	if _, err := goCommand(dir, "list", "-deps", "-test", "all"); err != nil {
		return err
	}
	name := filepath.Join(room, "facts.txt")
	if err := os.WriteFile(name, f.Format(), 0o666); err != nil {
		return err
	}
	fmt.Printf("wrote     %s: %d packages, %d modules\n", name, len(f.Packages), len(f.Modules))
	return nil
}

// build closes the catalogue and collects its facts, fetching what it finds
// missing on the way.
func build(dir string, c *cache, entries []string) (*facts.Facts, error) {
	for {
		l, err := settle(dir, c, entries)
		if err != nil {
			return nil, err
		}
		f, err := collect(l, entries)
		if err != nil {
			return nil, err
		}
		if len(l.absent) == 0 {
			f.Go, f.Toolchain, err = goLines(dir)
			return f, err
		}
		if err := download(dir, slices.Collect(maps.Keys(l.absent))); err != nil {
			return nil, err
		}
	}
}

func goLines(dir string) (goVersion, toolchain string, err error) {
	f, err := readModFile(dir)
	if err != nil {
		return "", "", err
	}
	if f.Go == nil || f.Toolchain == nil {
		return "", "", errors.New("the go.mod of the catalogue lacks its go or toolchain line")
	}
	return f.Go.Version, f.Toolchain.Name, nil
}
