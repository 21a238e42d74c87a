package change

import (
	"slices"
	"strings"
)

// text is a file read as lines. What is not content stands beside them: the
// byte order mark, the line endings, whether the last line has one.
type text struct {
	lines []line
	bom   bool
	crlf  bool // most lines end in CR LF
	open  bool // the last line has no ending
}

// line is one line without its ending.
type line struct {
	words string
	key   string // lines with equal keys count as equal
	crlf  bool
}

const bom = "\ufeff"

// read reads a file. A line's key is all of it, ending included.
func read(data []byte) text {
	s, marked := strings.CutPrefix(string(data), bom)
	t := text{bom: marked}
	if s == "" {
		return t
	}
	t.open = !strings.HasSuffix(s, "\n")
	rows := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	t.lines = make([]line, len(rows))
	windows := 0
	for i, row := range rows {
		ended := i < len(rows)-1 || !t.open
		words, crlf := row, false
		if ended {
			words, crlf = strings.CutSuffix(row, "\r")
		}
		if crlf {
			windows++
		}
		t.lines[i] = line{words: words, key: row, crlf: crlf}
	}
	t.crlf = 2*windows > len(rows)
	if t.open {
		last := &t.lines[len(rows)-1]
		last.crlf, last.key = t.crlf, last.words+"\n"
	}
	return t
}

// keyed returns the text with other keys.
func (t text) keyed(key func(line) string) text {
	t.lines = slices.Clone(t.lines)
	for i, l := range t.lines {
		t.lines[i].key = key(l)
	}
	return t
}

// ending is the ending of the lines of the file.
func (t text) ending() string {
	if t.crlf {
		return "\r\n"
	}
	return "\n"
}

// either merges a fact that has two values: who changed it has it.
func either(base, ours, theirs bool) bool {
	if ours == base {
		return theirs
	}
	return ours
}

// frame merges what is not content. An empty file has no opinion on endings.
func frame(b, o, t text) text {
	if len(b.lines) == 0 {
		b.crlf, b.open = t.crlf, t.open
	}
	if len(o.lines) == 0 {
		o.crlf, o.open = b.crlf, b.open
	}
	if len(t.lines) == 0 {
		t.crlf, t.open = b.crlf, b.open
	}
	return text{
		bom:  either(b.bom, o.bom, t.bom),
		crlf: either(b.crlf, o.crlf, t.crlf),
		open: either(b.open, o.open, t.open),
	}
}

// numbers gives every key a number, the same one in all texts.
func numbers(texts ...text) [][]int {
	known := map[string]int{}
	all := make([][]int, len(texts))
	for i, t := range texts {
		all[i] = make([]int, len(t.lines))
		for k, l := range t.lines {
			n, ok := known[l.key]
			if !ok {
				n = len(known)
				known[l.key] = n
			}
			all[i][k] = n
		}
	}
	return all
}
