package render

import (
	"strings"

	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/gomod"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/tree"
)

// modules computes go.mod and go.sum from what the Go files of a tree import.
func modules(p plan.Plan, t tree.Tree) (tree.Tree, error) {
	m := gomod.Module{Path: p.Answers.Module}
	for _, path := range t.Paths() {
		if !strings.HasSuffix(path, ".go") {
			continue
		}
		imports, err := gomod.Imports(t[path].Data)
		if err != nil {
			return nil, err
		}
		m.Imports = append(m.Imports, imports...)
	}
	files, err := gomod.Solve(m)
	if err != nil {
		return nil, err
	}
	return tree.Tree{"go.mod": requirements(p, files.Mod), "go.sum": whole(files.Sum)}, nil
}

// requirements is go.mod, each requirement with the feature.mod that states it.
func requirements(p plan.Plan, mod []byte) tree.File {
	f := whole(mod)
	for i, l := range strings.Split(strings.TrimSuffix(string(mod), "\n"), "\n") {
		for _, s := range p.Steps {
			if states(s.Feature, l) {
				f.Lines[i].Feature, f.Lines[i].Template = s.Feature.Name, s.Feature.Dir+"/feature.mod"
				break
			}
		}
	}
	return f
}

// states says whether a feature requires the module of a line of go.mod.
func states(f *catalog.Feature, line string) bool {
	for _, r := range f.Require {
		if strings.Contains(line, r.Path+" "+r.Version) {
			return true
		}
	}
	return false
}
