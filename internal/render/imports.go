package render

import (
	"slices"
	"strings"
)

// sortImports sorts each group of the import block of a Go file by path, as
// gofmt does, and drops repeated lines: two features may need one package.
func sortImports(lines []line) []line {
	start := slices.IndexFunc(lines, func(l line) bool { return l.text == "import (" })
	if start < 0 {
		return lines
	}
	end := start + slices.IndexFunc(lines[start:], func(l line) bool { return l.text == ")" })
	if end < start {
		return lines
	}
	block := slices.Clone(lines[start+1 : end])
	for i := 0; i < len(block); {
		j := i
		for j < len(block) && block[j].text != "" {
			j++
		}
		slices.SortStableFunc(block[i:j], func(a, b line) int { return strings.Compare(importPath(a.text), importPath(b.text)) })
		i = j + 1
	}
	block = slices.CompactFunc(block, func(a, b line) bool { return a.text == b.text })
	return slices.Concat(lines[:start+1], block, lines[end:])
}

// importPath returns the path of a line of an import block.
func importPath(l string) string {
	_, rest, _ := strings.Cut(l, `"`)
	path, _, _ := strings.Cut(rest, `"`)
	return path
}
