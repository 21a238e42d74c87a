package gomod

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"

	"github.com/startkit/startkit/internal/gomod/facts"
)

func embedded(t testing.TB) *facts.Facts {
	t.Helper()
	f, err := known()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// carried returns the packages of the catalogue.
func carried(t testing.TB) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(embedded(t).Packages))
}

// TestFactsAreOfTheCatalogue fails once the catalogue has been edited and its
// facts have not been renewed.
func TestFactsAreOfTheCatalogue(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("catalogue", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join("catalogue", "catalogue.go"))
	if err != nil {
		t.Fatal(err)
	}
	imports, err := Imports(source)
	if err != nil {
		t.Fatal(err)
	}
	type catalogue struct {
		Go, Toolchain string
		Versions      map[string]string
		Packages      []string
	}
	f := embedded(t)
	want := catalogue{goLine(file), toolchain(file), map[string]string{}, slices.Sorted(slices.Values(imports))}
	for _, r := range file.Require {
		want.Versions[r.Mod.Path] = r.Mod.Version
	}
	got := catalogue{f.Go, f.Toolchain, map[string]string{}, carried(t)}
	for path, m := range f.Modules {
		got.Versions[path] = m.Version
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts.txt is not of the catalogue as it is; run\n    make deps\n(-catalogue +facts):\n%s", diff)
	}
}

// TestFactsLackNothing solves for every package, pair and triple of packages
// of the catalogue, and for all: each checksum must be there, and each go.mod
// in the form of the go command.
func TestFactsLackNothing(t *testing.T) {
	all := carried(t)
	try := func(imports ...string) {
		t.Helper()
		files, err := Solve(Module{Path: "example.com/own", Imports: imports})
		if err != nil {
			t.Fatalf("%v: %v", imports, err)
		}
		file, err := modfile.Parse("go.mod", files.Mod, nil)
		if err != nil {
			t.Fatalf("%v: %v", imports, err)
		}
		file.SortBlocks()
		file.Cleanup()
		formatted, err := file.Format()
		if err != nil || !bytes.Equal(formatted, files.Mod) {
			t.Fatalf("%v: the go command would write (%v)\n%s\nand not\n%s", imports, err, formatted, files.Mod)
		}
	}
	try(all...)
	for i, a := range all {
		try(a)
		for j, b := range all[:i] {
			try(a, b)
			for _, c := range all[:j] {
				try(a, b, c)
			}
		}
	}
}

// TestSelectedVersionsAreTheCatalogues holds the catalogue closed: with every
// module required nothing selects a version above the catalogue's, so that no
// subset does.
func TestSelectedVersionsAreTheCatalogues(t *testing.T) {
	f := embedded(t)
	r := requirements{f, map[string]bool{}}
	for path := range f.Modules {
		r.roots[path] = true
	}
	for path, version := range r.selected() {
		if m, ok := f.Modules[path]; ok && m.Version != version {
			t.Errorf("the catalogue has %s %s and its graph selects %s", path, m.Version, version)
		}
	}
}

func BenchmarkFacts(b *testing.B) {
	for b.Loop() {
		if _, err := facts.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSolve solves for the whole catalogue, which no repository imports.
func BenchmarkSolve(b *testing.B) {
	m := Module{Path: "example.com/own", Imports: carried(b)}
	for b.Loop() {
		if _, err := Solve(m); err != nil {
			b.Fatal(err)
		}
	}
}
