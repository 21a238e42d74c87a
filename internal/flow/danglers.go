package flow

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/gomod"
)

// danglers names the files that import a package of which the change left no
// file: code of the owners that still calls what was removed.
func danglers(root, module string, c change.Change) ([]string, error) {
	gone := map[string]bool{}
	for _, e := range c.Edits() {
		if e.After == nil && strings.HasSuffix(e.Path, ".go") {
			gone[path.Join(module, path.Dir(e.Path))] = true
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	files, err := importers(root, c)
	if err != nil {
		return nil, err
	}
	for p := range files {
		if !strings.HasSuffix(p, "_test.go") {
			delete(gone, path.Join(module, path.Dir(p)))
		}
	}
	var notes []string
	for _, p := range files.Paths() {
		imports, err := gomod.Imports(files[p].Data)
		if err != nil {
			continue
		}
		for _, imp := range imports {
			if gone[imp] {
				notes = append(notes, fmt.Sprintf("%s still imports %s, which is gone", p, imp))
			}
		}
	}
	slices.Sort(notes)
	return slices.Compact(notes), nil
}
