package main

import (
	"fmt"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// sums adds the checksums that some go.sum may need. A module of the catalogue
// provides packages, so that it is needed whole; of what is only read the
// go.mod; of what stands beside only the zip, at any version selected.
func (l *loader) sums(f *facts.Facts, possible map[string][]string) error {
	for path, m := range f.Modules {
		v := module.Version{Path: path, Version: m.Version}
		if err := l.sum(f, v, true); err != nil {
			return err
		}
		for _, v := range append(m.Reads, v) {
			if err := l.sum(f, v, false); err != nil {
				return err
			}
		}
	}
	for _, p := range f.Packages {
		for _, b := range p.Beside {
			for _, version := range possible[b.Prefix] {
				if err := l.sum(f, module.Version{Path: b.Prefix, Version: version}, true); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// sum adds the checksum of a module version or, if it is not wanted whole, of
// its go.mod.
func (l *loader) sum(f *facts.Facts, v module.Version, whole bool) error {
	key, read := v, l.cache.zipSum
	if !whole {
		key.Version += "/go.mod"
		read = l.cache.modSum
	}
	if f.Sums[key] != "" {
		return nil
	}
	sum, err := read(v)
	if err != nil {
		return fmt.Errorf("checksum of %s: %w", key, err)
	}
	f.Sums[key] = sum
	return nil
}
