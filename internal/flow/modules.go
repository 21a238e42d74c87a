package flow

import (
	"maps"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/gomod"
	"github.com/startkit/startkit/internal/tree"
)

// modules merges go.mod and go.sum by requirement, knowing what every Go file
// of the repository imports once the change is in it. Ours are the files that
// the change may touch.
func modules(root string, ours tree.Tree) change.ModuleMerger {
	return func(base, mine, theirs change.Module, merged tree.Tree) (change.Module, []string, error) {
		files, err := goFiles(root)
		if err != nil {
			return change.Module{}, nil, err
		}
		for p := range ours {
			delete(files, p)
		}
		maps.Copy(files, merged)
		m, err := gomod.Merge(gomod.Files{Mod: base.Mod, Sum: base.Sum}, gomod.Files{Mod: mine.Mod, Sum: mine.Sum},
			gomod.Files{Mod: theirs.Mod, Sum: theirs.Sum}, imports(files))
		notes := m.Notes
		if err == nil && !m.Tidy {
			notes = append(notes, "run go mod tidy: the requirements are yours and startkit's together")
		}
		return change.Module{Mod: m.Mod, Sum: m.Sum}, notes, err
	}
}

// goFiles reads the Go files of a repository's module.
func goFiles(root string) (tree.Tree, error) {
	paths, err := disk.List(root, ".go")
	if err != nil {
		return nil, err
	}
	return disk.Read(root, paths)
}

// imports lists what the Go files of a tree import. Files that do not parse
// have nothing to say here; the compiler will.
func imports(t tree.Tree) []string {
	list := []string{}
	for p, f := range t {
		if strings.HasSuffix(p, ".go") {
			if imports, err := gomod.Imports(f.Data); err == nil {
				list = append(list, imports...)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
