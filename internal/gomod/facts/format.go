package facts

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// Format returns the facts as text: one fact to a line, sorted, what belongs to
// a package or a module indented below it.
func (f *Facts) Format() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "go %s\ntoolchain %s\n", f.Go, f.Toolchain)
	for _, path := range slices.Sorted(maps.Keys(f.Packages)) {
		p := f.Packages[path]
		fmt.Fprintf(&b, "package %s %s\n", path, p.Module)
		for _, m := range p.Needs {
			fmt.Fprintf(&b, "\tneeds %s\n", m)
		}
		for _, t := range p.Tests {
			fmt.Fprintf(&b, "\ttests %s %d\n", t.Module, t.Level)
		}
		for _, s := range p.Beside {
			fmt.Fprintf(&b, "\tbeside %s %s\n", s.Module, s.Prefix)
		}
		for _, r := range p.Rivals {
			fmt.Fprintf(&b, "\trival %s %s %s\n", r.Module, r.Version.Path, r.Version.Version)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(f.Modules)) {
		m := f.Modules[path]
		fmt.Fprintf(&b, "module %s %s\n", path, m.Version)
		for _, v := range m.Names {
			fmt.Fprintf(&b, "\tnames %s %s\n", v.Path, v.Version)
		}
		for _, v := range m.Reads {
			fmt.Fprintf(&b, "\treads %s %s\n", v.Path, v.Version)
		}
	}
	versions := slices.Collect(maps.Keys(f.Sums))
	module.Sort(versions)
	for _, v := range versions {
		fmt.Fprintf(&b, "sum %s %s %s\n", v.Path, v.Version, f.Sums[v])
	}
	return []byte(b.String())
}
