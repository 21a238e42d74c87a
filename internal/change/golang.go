package change

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"strings"
)

// mergeGo merges Go files: what stands above the imports, the imports as a
// set, and what stands below them. The result parses if both sides did, and is
// formatted if both were.
func mergeGo(base, ours, theirs []byte) Result {
	b, okB := cutGo(base)
	o, okO := cutGo(ours)
	t, okT := cutGo(theirs)
	if !okB || !okO || !okT {
		return mergeText(base, ours, theirs, goText)
	}
	head := attempt(b.head, o.head, t.head, plain)
	body := attempt(b.body, o.body, t.body, golang)
	r := head.result()
	r.Pieces = append(r.Pieces, mergeImports(b, o, t, body).Pieces...)
	r.Pieces = append(r.Pieces, body.result().Pieces...)
	if r.Clean() {
		merged := r.joined()
		if tidy, ok := reformat(merged, ours, theirs); ok {
			merged = tidy
		} else if _, ok := cutGo(merged); !ok {
			return torn(base, ours, theirs)
		}
		r = Whole(merged)
	}
	if r.loses(base, ours) {
		return mergeText(base, ours, theirs, goText)
	}
	return r
}

// loses says whether a line that only the user wrote is not in the result,
// white space aside. The line merge cannot lose one; a set of imports can: the
// user's comment on one that goes.
func (r Result) loses(base, ours []byte) bool {
	written, _ := r.Write(Labels{})
	have, was := tally(written), tally(base)
	for words, n := range tally(ours) {
		if n-was[words] > have[words] {
			return true
		}
	}
	return false
}

// tally counts lines by their words, without the blank ones. An import is the
// same alone and in parentheses.
func tally(data []byte) map[string]int {
	count := map[string]int{}
	for _, l := range read(data).lines {
		words := strings.TrimPrefix(strings.Join(strings.Fields(l.words), " "), "import ")
		if words != "" && words != "(" {
			count[words]++
		}
	}
	return count
}

// joined returns the text of a result without conflicts.
func (r Result) joined() []byte {
	var out bytes.Buffer
	for _, p := range r.Pieces {
		out.Write(p.Text)
	}
	return out.Bytes()
}

// goFile is a Go file in three parts. The imports hold the blank lines around
// them, and are only blank lines if there are none.
type goFile struct{ head, imports, body text }

// cutGo cuts a file that parses.
func cutGo(data []byte) (goFile, bool) {
	whole := read(data)
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, "", plainText(whole), parser.SkipObjectResolution)
	if err != nil {
		return goFile{}, false
	}
	line := func(p token.Pos) int { return set.PositionFor(p, false).Line }
	lo := line(f.Name.End())
	hi := lo
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			if line(g.Pos()) <= lo && hi == lo {
				return goFile{}, false // on the line of the package clause
			}
			hi = line(g.End())
		} else if line(d.Pos()) <= hi {
			return goFile{}, false // on the line of the last import
		}
	}
	for hi < len(whole.lines) && blank(whole.lines[hi]) {
		hi++
	}
	n := len(whole.lines)
	return goFile{whole.part(0, lo), whole.part(lo, hi), whole.part(hi, n)}, true
}

// part returns some of the lines. The mark goes with the first of the file,
// and a last line without an ending with the last.
func (t text) part(lo, hi int) text {
	return text{lines: t.lines[lo:hi], bom: t.bom && lo == 0, crlf: t.crlf, open: t.open && hi == len(t.lines)}
}

// plainText returns the lines with LF endings and without the mark.
func plainText(t text) []byte {
	var out bytes.Buffer
	for _, l := range t.lines {
		out.WriteString(l.words)
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// reformat returns the merged file as gofmt wants it, if both sides were so.
func reformat(merged, ours, theirs []byte) ([]byte, bool) {
	if !formatted(ours) || !formatted(theirs) {
		return nil, false
	}
	t := read(merged)
	tidy, err := format.Source(plainText(t))
	if err != nil {
		return nil, false
	}
	out := read(tidy)
	for i := range out.lines {
		out.lines[i].crlf = t.crlf
	}
	data := joined(out.lines)
	if t.bom {
		data = append([]byte(bom), data...)
	}
	return data, true
}

// formatted says whether a file is as gofmt wants it, but for its endings.
func formatted(data []byte) bool {
	want := plainText(read(data))
	got, err := format.Source(want)
	return err == nil && bytes.Equal(got, want)
}
