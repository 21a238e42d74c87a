package flow

import (
	"slices"

	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/gomod"
	"github.com/startkit/startkit/internal/tree"
)

// moduleFiles are merged by requirement and not by line.
var moduleFiles = []string{"go.mod", "go.sum"}

// mergeModules merges go.mod and go.sum, knowing what every Go file of the
// repository imports once the change c is in it.
func mergeModules(root string, c change.Change, base, ours, theirs tree.Tree) (change.Change, []string, error) {
	imports, err := imported(root, c)
	if err != nil {
		return change.Change{}, nil, err
	}
	files := func(t tree.Tree) gomod.Files { return gomod.Files{Mod: t["go.mod"].Data, Sum: t["go.sum"].Data} }
	m, err := gomod.Merge(files(base), files(ours), files(theirs), imports)
	if err != nil {
		return change.Merge(base, ours, theirs, change.Options{Labels: labels}), []string{"go.mod was merged by line: " + err.Error()}, nil
	}
	mergers := map[string]change.Merger{
		"go.mod": func(_, _, _ []byte) change.Result { return change.Whole(m.Mod) },
		"go.sum": func(_, _, _ []byte) change.Result { return change.Whole(m.Sum) },
	}
	notes := m.Notes
	if !m.Tidy {
		notes = append(notes, "run go mod tidy: the requirements are yours and startkit's together")
	}
	return change.Merge(base, ours, theirs, change.Options{Labels: labels, Mergers: mergers}), notes, nil
}

// imported lists what the Go files of a repository import once a change is in
// it. Files that do not parse have nothing to say here; the compiler will.
func imported(root string, c change.Change) ([]string, error) {
	files, err := importers(root, c)
	if err != nil {
		return nil, err
	}
	list := []string{}
	for _, f := range files {
		if imports, err := gomod.Imports(f.Data); err == nil {
			list = append(list, imports...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// split splits a tree: the module files, and the rest.
func split(t tree.Tree) (modules, rest tree.Tree) {
	modules, rest = tree.Tree{}, tree.Tree{}
	for p, f := range t {
		if slices.Contains(moduleFiles, p) {
			modules[p] = f
		} else {
			rest[p] = f
		}
	}
	return modules, rest
}
