// Package gomod writes the go.mod and go.sum of a generated repository, such
// that "go mod tidy" has nothing to say, and merges them into what the owner of
// a repository has made of them. It needs no network, no module cache and no Go
// toolchain: it knows a closed catalogue of packages (internal/gomod/catalogue)
// by facts worked out ahead of time (facts.txt, written by "make deps"). It is
// not for packages outside the catalogue: those it refuses by name.
//
//	Imports   a Go file -> what it imports
//	Solve     what a repository imports -> Files, by the rules of "go mod tidy"
//	Merge     base, ours, theirs -> Files, and what tidy may still object to
//
// The rules are those of Go 1.26, read in cmd/go/internal/modload (readModGraph,
// tidyPrunedRoots, keepSums); the tests hold the result against the go command.
//
// To read the facts, 33 KB, takes 0.2 ms and happens once; to solve for all
// packages of the catalogue at once takes 0.4 ms, and Imports 4 µs a file
// (BenchmarkFacts, BenchmarkSolve, BenchmarkImports).
package gomod

import (
	_ "embed"
	"sync"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// Module is the main module of a generated repository, as far as its
// requirements depend on it.
type Module struct {
	// Path is the module path.
	Path string
	// Imports lists what its Go files import, tests and files under any build
	// tag among them. The standard library and the module's own packages may
	// be listed and do not count.
	Imports []string
}

// Files are the go.mod and go.sum of a module.
type Files struct {
	// Mod and Sum are whole files. Sum is empty if nothing is required; there
	// is no go.sum then.
	Mod, Sum []byte
	// Direct lists the modules that the module itself imports, in order.
	Direct []module.Version
}

//go:embed facts.txt
var text string

var known = sync.OnceValues(func() (*facts.Facts, error) { return facts.Parse(text) })

// Solve returns the go.mod and go.sum of a module. It fails if an import is in
// no package of the catalogue, and names each of them.
func Solve(m Module) (Files, error) {
	f, err := known()
	if err != nil {
		return Files{}, err
	}
	return solve(f, m)
}
