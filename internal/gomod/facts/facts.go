// Package facts holds what the solver of package gomod must know of the
// catalogue: for each package that a template may import, which modules it
// brings, and for each of these modules, what its go.mod does to the module
// graph. It is worked out ahead of time by internal/gomod/gen, where there is
// a network and a go command, and kept as text that a reviewer can read.
//
// What is said of one package or module holds in any company: the modules that
// several imports bring are the union of what each brings, and the module graph
// of several requirements is the union of their graphs. That is why neither a
// graph of packages nor one of modules needs to be kept.
//
//	Facts     the go line, Packages and Modules by path, checksums
//	Parse     text to Facts
//	Format    Facts to text, sorted, so that a renewal reads as a diff
package facts

import "golang.org/x/mod/module"

// Facts is all that is known of the catalogue.
type Facts struct {
	// Go and Toolchain are what stands after "go" and "toolchain" in a go.mod.
	Go, Toolchain string
	// Packages holds the packages that may be imported, by import path.
	Packages map[string]Package
	// Modules holds the modules that provide any loaded package, by path. Each
	// has one version in the catalogue.
	Modules map[string]Module
	// Sums holds every checksum that a go.sum can need. As in a go.sum, the
	// version of a go.mod alone ends in "/go.mod".
	Sums map[module.Version]string
}

// Package is a package that may be imported.
type Package struct {
	// Module is the path of the module that provides the package.
	Module string
	// Needs lists the modules of the package and of all that it imports,
	// directly or not; Module is one of them.
	Needs []string
	// Tests lists the modules that only the tests of these packages bring.
	Tests []Test
	// Beside lists the modules that must be looked into as well before it is
	// known that no other than a module in Tests provides a package.
	Beside []Beside
	// Rivals lists the module versions that provide a package of a module in
	// Tests as well.
	Rivals []Rival
}

// Test is a module that the tests of other modules import from.
type Test struct {
	Module string
	// Level is how many imports away from a test the module comes first: 1 if
	// a test itself imports it. The go command settles level after level.
	Level int
}

// Beside says that the path Prefix, a module's, is a prefix of a package that
// Module provides, as "example.com/a" is of a package "example.com/a/b".
type Beside struct{ Module, Prefix string }

// Rival says that a module version, commonly from before a part of it became a
// module of its own, provides a package that Module provides too. With both in
// the graph an import is ambiguous unless Module is required.
type Rival struct {
	Module  string
	Version module.Version
}

// Module is a module of the catalogue.
type Module struct {
	// Version is the one version that the catalogue has of it.
	Version string
	// Names lists the highest version that the graph of this module asks of
	// each module that stands in some package's Tests or Beside.
	Names []module.Version
	// Reads lists the module versions whose go.mod is read because this module
	// is required, but for its own. It is empty unless that is from before Go
	// 1.17: then the go command follows it all the way down.
	Reads []module.Version
}
