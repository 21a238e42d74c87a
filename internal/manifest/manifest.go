// Package manifest reads and writes files in go.mod's grammar: feature.mod,
// which describes a feature, and startkit.mod, which holds what a generated
// repository was asked for. The grammar itself is golang.org/x/mod's; this
// package turns it into Rows, and knows no word of either file.
//
//	bytes -> Row (words, the comment above, the comment behind, the line)
package manifest

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// Row is one statement of a file. A row of a block carries the block's words
// first, so `needs core` and `needs ( core )` are the same row.
type Row struct {
	// Words are the statement's words; quoted ones are unquoted.
	Words []string
	// Quoted says of each word whether it stood in quotes.
	Quoted []bool
	// Doc is the comment above the row, joined to one text; for the first
	// rows of a file also what stands above them after a blank line.
	Doc string
	// Note is the comment behind the row, without its slashes.
	Note string
	// Line is where the row stands, counted from 1.
	Line int
}

// Word returns the i-th word, or "" when the row is shorter.
func (r Row) Word(i int) string {
	if i < len(r.Words) {
		return r.Words[i]
	}
	return ""
}

// Error is a mistake in a file, with its address.
type Error struct {
	File string
	Line int
	What string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What) }

// Parse reads the rows of a file. The name is used in errors only.
func Parse(file string, data []byte) ([]Row, error) {
	f, err := modfile.ParseLax(file, data, nil)
	if err != nil {
		return nil, err
	}
	p := parser{file: file, data: data}
	for _, stmt := range f.Syntax.Stmt {
		switch s := stmt.(type) {
		case *modfile.CommentBlock:
			p.doc = append(p.doc, s.Before...)
		case *modfile.Line:
			p.line(nil, s)
		case *modfile.LineBlock:
			p.doc = append(p.doc, s.Before...)
			for _, l := range s.Line {
				p.line(s.Token, l)
			}
		}
	}
	return p.rows, p.err
}

type parser struct {
	file string
	data []byte
	doc  []modfile.Comment // comments that no row has taken yet
	rows []Row
	err  error // the first mistake
}

func (p *parser) line(block []string, l *modfile.Line) {
	row := Row{Line: l.Start.Line, Doc: text(append(p.doc, l.Before...))}
	p.doc = nil
	for _, tok := range append(append([]string(nil), block...), l.Token...) {
		word, quoted, err := unquote(tok)
		if err != nil {
			p.fail(row.Line, fmt.Sprintf("%s: %v", tok, err))
		}
		row.Words = append(row.Words, word)
		row.Quoted = append(row.Quoted, quoted)
	}
	for _, c := range l.Suffix {
		if at := c.Start.Byte; at > 0 && !space(p.data[at-1]) {
			p.fail(row.Line, fmt.Sprintf("%s is cut off at //; put the value in quotes", row.Word(len(row.Words)-1)))
		}
	}
	row.Note = text(l.Suffix)
	p.rows = append(p.rows, row)
}

func (p *parser) fail(line int, what string) {
	if p.err == nil {
		p.err = &Error{File: p.file, Line: line, What: what}
	}
}

func unquote(tok string) (word string, quoted bool, err error) {
	if tok == "" || tok[0] != '"' && tok[0] != '`' {
		return tok, false, nil
	}
	word, err = strconv.Unquote(tok)
	return word, true, err
}

func space(b byte) bool { return b == ' ' || b == '\t' || b == '\n' }

// text joins comments to one text: slashes and the blanks around them go.
func text(comments []modfile.Comment) string {
	var lines []string
	for _, c := range comments {
		lines = append(lines, strings.TrimSpace(strings.TrimPrefix(c.Token, "//")))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
