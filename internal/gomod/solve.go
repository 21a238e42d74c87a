package gomod

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

func solve(f *facts.Facts, m Module) (Files, error) {
	packages, err := find(f, m)
	if err != nil {
		return Files{}, err
	}
	r := require(f, packages)
	direct := map[string]bool{}
	for _, p := range packages {
		direct[p.Module] = true
	}
	files := Files{}
	var indirect []module.Version
	for _, v := range r.versions() {
		if direct[v.Path] {
			files.Direct = append(files.Direct, v)
		} else {
			indirect = append(indirect, v)
		}
	}
	files.Mod = formatMod(f, m.Path, files.Direct, indirect)
	files.Sum, err = formatSum(f, r.sums(packages))
	return files, err
}

// find returns the facts of the packages of the catalogue that m imports.
func find(f *facts.Facts, m Module) ([]facts.Package, error) {
	var found []facts.Package
	var unknown []string
	for _, path := range slices.Compact(slices.Sorted(slices.Values(m.Imports))) {
		if within(path, m.Path) || standard(path) {
			continue
		}
		if p, ok := f.Packages[path]; ok {
			found = append(found, p)
		} else {
			unknown = append(unknown, path)
		}
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("the catalogue of modules does not carry %s; import it in internal/gomod/catalogue/catalogue.go\n    make deps",
			strings.Join(unknown, ", "))
	}
	return found, nil
}

// within says whether a package is in a module, going by its path.
func within(pkg, module string) bool {
	rest, ok := strings.CutPrefix(pkg, module)
	return ok && (rest == "" || rest[0] == '/')
}

// standard says whether a package is of the standard library: the first
// element of its path has no dot.
func standard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return !strings.Contains(first, ".")
}
