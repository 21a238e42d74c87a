package change

import (
	"go/scanner"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// names returns the names that are followed by a dot in Go code: all packages
// that it uses are among them.
func names(t text) map[string]bool {
	src := plainText(t)
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) {}, 0)
	used := map[string]bool{}
	var before, last token.Token
	name := ""
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return used
		}
		if tok == token.PERIOD && last == token.IDENT && before != token.PERIOD {
			used[name] = true
		}
		before, last, name = last, tok, lit
	}
}

// names of a merged body: where there is a quarrel, both sides count.
func (m *merge) names() map[string]bool {
	if m.weight() == 0 {
		return names(m.text())
	}
	used := names(m.ours)
	for name := range names(m.theirs) {
		used[name] = true
	}
	return used
}

var (
	major = regexp.MustCompile(`^v[0-9]+$`)
	minor = regexp.MustCompile(`\.v[0-9]+$`)
)

// last is the last element of the path that is not a major version.
func (i imported) last() string {
	dir, base := path.Split(i.path)
	if major.MatchString(base) && dir != "" {
		base = path.Base(dir)
	}
	return minor.ReplaceAllString(base, "")
}

// names are the names that a file may know the package by. Only its source
// could tell; the path says enough to know what is not used.
func (i imported) names() []string {
	switch i.name {
	case "_", ".":
		return nil
	case "":
		last := i.last()
		parts := strings.FieldsFunc(last, func(r rune) bool { return r == '-' || r == '.' })
		return append(parts, last, strings.ReplaceAll(last, "-", ""), strings.ReplaceAll(last, "-", "_"))
	}
	return []string{i.name}
}

// likely is the name that the file most likely knows the package by.
func (i imported) likely() string {
	if i.name != "" {
		if i.name == "_" || i.name == "." {
			return i.name + i.path
		}
		return i.name
	}
	return strings.TrimSuffix(strings.TrimPrefix(i.last(), "go-"), "-go")
}

func needs(used map[string]bool, i imported) bool {
	return slices.ContainsFunc(i.names(), func(name string) bool { return used[name] })
}

// mayShare says whether two imports may go by one name.
func mayShare(i, j imported) bool {
	return slices.ContainsFunc(i.names(), func(name string) bool { return slices.Contains(j.names(), name) })
}
