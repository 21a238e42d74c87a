package change

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// imported is one import: what it brings, and where it stands in its list.
type imported struct{ name, path string }

// spec is an import with the lines it takes up, its comments included.
type spec struct {
	imported
	at    span
	block int // the number of its declaration
	group int // the number of its group: specs without a blank line between
}

// importList is the import part of a Go file.
type importList struct {
	text  text
	specs []spec
	open  []int // for every declaration the line of its "(", -1 without one
	end   []int // and the line of its ")" or of its only import
}

// readImports reads the import part of a file.
func readImports(t text) (importList, bool) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, "", clause+string(plainText(t)), parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return importList{}, false
	}
	line := func(p token.Pos) int { return set.Position(p).Line - 2 }
	l := importList{text: t}
	group := 0
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			return importList{}, false
		}
		l.open = append(l.open, -1)
		l.end = append(l.end, line(g.End()))
		if g.Lparen.IsValid() {
			l.open[len(l.open)-1] = line(g.Lparen)
		}
		group++
		for _, s := range g.Specs {
			s := s.(*ast.ImportSpec)
			next := spec{at: extent(s, g, line), block: len(l.open) - 1}
			next.path, _ = strconv.Unquote(s.Path.Value)
			if s.Name != nil {
				next.name = s.Name.Name
			}
			if n := len(l.specs); n > 0 && l.specs[n-1].block == next.block && l.specs[n-1].at.hi < next.at.lo {
				group++
			}
			next.group = group
			if n := len(l.specs); n > 0 && next.at.lo < l.specs[n-1].at.hi {
				return importList{}, false // two on one line
			}
			l.specs = append(l.specs, next)
		}
	}
	return l, true
}

// extent is the lines of an import. Its comment belongs to it, as does that of
// the declaration that holds it alone.
func extent(s *ast.ImportSpec, g *ast.GenDecl, line func(token.Pos) int) span {
	from, doc := s.Pos(), s.Doc
	if !g.Lparen.IsValid() {
		from, doc = g.Pos(), g.Doc
	}
	if doc != nil {
		from = doc.Pos()
	}
	to := s.End()
	if s.Comment != nil {
		to = s.Comment.End()
	}
	return span{line(from), line(to) + 1}
}

func (l importList) find(i imported) (spec, bool) {
	k := slices.IndexFunc(l.specs, func(s spec) bool { return s.imported == i })
	if k < 0 {
		return spec{}, false
	}
	return l.specs[k], true
}

func (l importList) has(i imported) bool {
	_, ok := l.find(i)
	return ok
}

// words are the lines of a spec as they would stand in a block.
func (l importList) words(s spec) []line {
	lines := slices.Clone(l.text.lines[s.at.lo:s.at.hi])
	if l.open[s.block] < 0 {
		for i := range lines {
			lines[i].words = "\t" + strings.TrimPrefix(lines[i].words, "import ")
		}
	}
	return lines
}

// remarks are the lines that say something but belong to no import.
func (l importList) remarks() []string {
	of := make([]bool, len(l.text.lines))
	for _, s := range l.specs {
		for i := s.at.lo; i < s.at.hi; i++ {
			of[i] = true
		}
	}
	var rest []string
	for i, row := range l.text.lines {
		w := strings.TrimSpace(row.words)
		if !of[i] && w != "" && w != ")" && w != "import (" {
			rest = append(rest, w)
		}
	}
	return rest
}

// reworded returns the list with the comments that theirs changed and the user
// did not.
func (l importList) reworded(base, theirs importList) importList {
	l.text.lines = slices.Clone(l.text.lines)
	for _, s := range l.specs {
		was, ok1 := base.find(s.imported)
		is, ok2 := theirs.find(s.imported)
		mine := l.text.lines[s.at.lo:s.at.hi]
		if ok1 && ok2 && is.at.len() == s.at.len() &&
			slices.EqualFunc(mine, base.text.lines[was.at.lo:was.at.hi], sameWords) {
			copy(mine, theirs.text.lines[is.at.lo:is.at.hi])
		}
	}
	return l
}
