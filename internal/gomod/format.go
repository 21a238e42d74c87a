package gomod

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

// formatMod writes a go.mod as the go command does. The client under web/ is
// kept out of "./...": its node_modules may hold Go files of npm packages,
// which "go mod tidy" would then try to provide for.
func formatMod(f *facts.Facts, path string, direct, indirect []module.Version) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "module %s\n\ngo %s\n\ntoolchain %s\n\nignore ./web\n", path, f.Go, f.Toolchain)
	formatRows(&b, direct, "")
	formatRows(&b, indirect, " // indirect")
	return b.Bytes()
}

func formatRows(b *bytes.Buffer, rows []module.Version, comment string) {
	switch len(rows) {
	case 0:
	case 1:
		fmt.Fprintf(b, "\nrequire %s %s%s\n", rows[0].Path, rows[0].Version, comment)
	default:
		b.WriteString("\nrequire (\n")
		for _, v := range rows {
			fmt.Fprintf(b, "\t%s %s%s\n", v.Path, v.Version, comment)
		}
		b.WriteString(")\n")
	}
}

// formatSum writes a go.sum as the go command does. It fails if the facts lack
// a checksum, which the tests of this package rule out for the embedded ones.
func formatSum(f *facts.Facts, keep map[module.Version]bool) ([]byte, error) {
	list := slices.Collect(maps.Keys(keep))
	module.Sort(list)
	var b bytes.Buffer
	for _, v := range list {
		sum, ok := f.Sums[v]
		if !ok {
			return nil, fmt.Errorf("the catalogue has no checksum of %s %s\n    make deps", v.Path, v.Version)
		}
		fmt.Fprintf(&b, "%s %s %s\n", v.Path, v.Version, sum)
	}
	return b.Bytes(), nil
}
