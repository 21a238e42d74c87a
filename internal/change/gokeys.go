package change

import (
	"go/scanner"
	"go/token"
	"regexp"
	"strings"
)

// golang is what the line merge knows of Go below the imports.
var golang = grammar{
	rank:    indent,
	name:    rowName,
	looser:  []func(text) text{anySpace},
	defines: defined,
	twice:   twiceDeclared,
	valid:   parses,
}

var assigned = regexp.MustCompile(`^\s*(?:var |const )?((?:\w+, )*\w+)(?: [^=:]+)? :?= `)

// defined returns the variables that a line of Go declares, but for those that
// every second line declares again.
func defined(words string) []string {
	found := assigned.FindStringSubmatch(words)
	if found == nil || !strings.Contains(words, ":=") && !strings.Contains(words, "var ") && !strings.Contains(words, "const ") {
		return nil
	}
	var out []string
	for _, name := range strings.Split(found[1], ", ") {
		if name != "_" && name != "err" && name != "ok" && name != "ctx" {
			out = append(out, name)
		}
	}
	return out
}

// anySpace compares lines of Go by their tokens, for gofmt re-aligns a whole
// block when one line of it grows. The lines of a raw string or of a comment
// that goes over several are compared as they are.
func anySpace(t text) text {
	src := plainText(t)
	set := token.NewFileSet()
	file := set.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) {}, scanner.ScanComments)
	keys := make([]strings.Builder, len(t.lines)+1)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.SEMICOLON && lit != ";" {
			continue
		}
		if lit == "" {
			lit = tok.String()
		}
		at := file.Line(pos) - 1
		for i, row := range strings.Split(lit, "\n") {
			if at+i < len(keys) {
				keys[at+i].WriteString("\x00" + row)
			}
		}
	}
	at := -1
	return t.keyed(func(line) string {
		at++
		return strings.TrimRight(keys[at].String(), " \t")
	})
}
