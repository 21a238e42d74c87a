package disk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// clashes finds paths that cannot stand beside each other: the same path by
// other capitals, a file that is also a folder, a path given twice.
func clashes(paths []string) []string {
	var problems []string
	seen := map[string]string{}  // folded file or folder -> as it was first written
	file := map[string]bool{}    // folded files
	folder := map[string]bool{}  // folded folders
	said := map[[2]string]bool{} // pairs that were reported
	note := func(p string, isFile bool) {
		key := fold(p)
		first, ok := seen[key]
		if !ok {
			first, seen[key] = p, p
		}
		pair := [2]string{first, p}
		switch twice := isFile && file[key]; {
		case said[pair]:
			return
		case first != p:
			problems = append(problems, fmt.Sprintf("%q and %q are one path on macOS and Windows", first, p))
			said[pair] = true
		case twice:
			problems = append(problems, fmt.Sprintf("%q is given twice", p))
		case isFile && folder[key], !isFile && file[key]:
			problems = append(problems, fmt.Sprintf("%q is both a file and a folder", p))
			said[pair] = true
		}
		if isFile {
			file[key] = true
		} else {
			folder[key] = true
		}
	}
	for _, p := range slices.Sorted(slices.Values(paths)) {
		for _, dir := range parents(p) {
			note(dir, false)
		}
		note(p, true)
	}
	return problems
}

// parents lists the folders above a path, the topmost first.
func parents(p string) []string {
	var dirs []string
	for i, c := range p {
		if c == '/' && i > 0 {
			dirs = append(dirs, p[:i])
		}
	}
	return dirs
}

// fold gives all spellings of a path that differ in capitals one form: each
// letter becomes the first of those that Unicode folds together.
func fold(p string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r < 0x80:
			return r
		}
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, p)
}
