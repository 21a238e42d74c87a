package gomod

import (
	"fmt"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// side is what one side of a merge has: base, ours or theirs.
type side struct {
	file *modfile.File
	rows map[string]row
	sums map[line]bool
}

// row is a requirement of a go.mod; its path is the key.
type row struct {
	version  string
	indirect bool
}

// line is a line of a go.sum. The version of a go.mod alone ends in "/go.mod".
type line struct {
	module.Version
	sum string
}

// readSide reads the files of a side. The name stands before theirs in errors.
func readSide(name string, files Files) (side, error) {
	file, err := modfile.Parse(name+"go.mod", files.Mod, nil)
	if err != nil {
		return side{}, err
	}
	s := side{file: file, rows: map[string]row{}, sums: map[line]bool{}}
	for _, r := range file.Require {
		// Of two rows of one module the go command heeds the higher.
		if old, ok := s.rows[r.Mod.Path]; !ok || semver.Compare(old.version, r.Mod.Version) < 0 {
			s.rows[r.Mod.Path] = row{r.Mod.Version, r.Indirect}
		}
	}
	n := 0
	for text := range strings.Lines(string(files.Sum)) {
		n++
		words := strings.Fields(text)
		switch len(words) {
		case 0:
		case 3:
			s.sums[line{module.Version{Path: words[0], Version: words[1]}, words[2]}] = true
		default:
			return side{}, fmt.Errorf("%sgo.sum:%d: want a path, a version and a checksum, have %d words", name, n, len(words))
		}
	}
	return s, nil
}

// whole says whether the line is of a module and not of its go.mod alone.
func (l line) whole() bool { return !strings.HasSuffix(l.Version.Version, "/go.mod") }

// module returns the module version of the line.
func (l line) module() module.Version {
	return module.Version{Path: l.Path, Version: strings.TrimSuffix(l.Version.Version, "/go.mod")}
}

// whole says whether the go.sum has the module version itself.
func (s side) whole(v module.Version) bool {
	for l := range s.sums {
		if l.Version == v {
			return true
		}
	}
	return false
}
