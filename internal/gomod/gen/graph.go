package main

import (
	"fmt"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// modFile is what a go.mod says, as far as the module graph is concerned.
type modFile struct {
	// Unpruned says that the go.mod has no go line or one below 1.17, so that
	// the go command follows its requirements all the way down.
	Unpruned bool
	Require  []module.Version
}

// graph is the module graph of a main module whose own graph is pruned.
type graph struct {
	// Read holds every module version whose go.mod the go command reads.
	Read map[module.Version]bool
	// Selected is the highest version named of each path.
	Selected map[string]string
}

// walk builds the graph of the given roots as cmd/go/internal/modload does in
// readModGraph: the go.mod of each root is read, and the requirements of a
// module are read in turn only if that module, or one above it, is unpruned.
// So the graph of two sets of roots is the union of their graphs.
func walk(roots []module.Version, read func(module.Version) (modFile, error)) (graph, error) {
	type visit struct {
		mod  module.Version
		deep bool
	}
	g := graph{map[module.Version]bool{}, map[string]string{}}
	seen := map[visit]bool{}
	var queue []visit
	name := func(m module.Version) {
		if old, ok := g.Selected[m.Path]; !ok || semver.Compare(old, m.Version) < 0 {
			g.Selected[m.Path] = m.Version
		}
	}
	for _, m := range roots {
		name(m)
		queue = append(queue, visit{m, false})
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		f, err := read(at.mod)
		if err != nil {
			return g, fmt.Errorf("read the go.mod of %s: %w", at.mod, err)
		}
		g.Read[at.mod] = true
		deep := at.deep || f.Unpruned
		for _, m := range f.Require {
			name(m)
			if deep {
				queue = append(queue, visit{m, true})
			}
		}
	}
	return g, nil
}
