package change

import (
	"slices"
	"strings"
)

// sheet is an import part that is being rewritten.
type sheet struct {
	rows []importRow
	next int // the number of the next new group
}

// importRow is a line, or an import with its comments.
type importRow struct {
	lines []line
	imported
	is      bool // an import
	inBlock bool // between parentheses
	group   int
}

func (r importRow) words() string { return strings.TrimSpace(r.lines[0].words) }

func (r importRow) blank() bool { return !r.is && r.words() == "" }

// arrange returns the import part that holds the wanted imports, as the layout
// has them ordered. The other lists say how the rest is written, and with what
// it stands.
func arrange(layout importList, others []importList, wanted []imported) text {
	for len(layout.specs) == 0 && len(layout.remarks()) == 0 && len(others) > 0 {
		layout, others = others[0], others[1:]
	}
	s := newSheet(layout)
	s.rows = slices.DeleteFunc(s.rows, func(r importRow) bool { return r.is && !slices.Contains(wanted, r.imported) })
	for _, i := range wanted {
		if s.find(i) >= 0 {
			continue
		}
		for _, from := range others {
			if from.has(i) {
				s.add(i, from)
				break
			}
		}
	}
	s.tidy()
	out := text{}
	for _, r := range s.rows {
		out.lines = append(out.lines, r.lines...)
	}
	return out
}

func newSheet(l importList) *sheet {
	s := &sheet{}
	k := 0
	for i := 0; i < len(l.text.lines); i++ {
		r := importRow{lines: l.text.lines[i : i+1]}
		if k < len(l.specs) && l.specs[k].at.lo == i {
			p := l.specs[k]
			r = importRow{l.text.lines[p.at.lo:p.at.hi], p.imported, true, l.open[p.block] >= 0, p.group}
			s.next = max(s.next, p.group+1)
			i = p.at.hi - 1
			k++
		}
		s.rows = append(s.rows, r)
	}
	return s
}

func (s *sheet) find(i imported) int {
	return slices.IndexFunc(s.rows, func(r importRow) bool { return r.is && r.imported == i })
}

// add puts an import into its group, in the order of paths.
func (s *sheet) add(i imported, from importList) {
	s.block()
	p, _ := from.find(i)
	r := importRow{lines: from.words(p), imported: i, is: true, inBlock: true}
	group, ok := s.groupFor(p, from)
	if !ok {
		s.newGroup(r, p, from)
		return
	}
	r.group = group
	at := 0
	for k, other := range s.rows {
		if other.is && other.inBlock && other.group == group {
			if other.path > i.path {
				at = k
				break
			}
			at = k + 1
		}
	}
	s.rows = slices.Insert(s.rows, at, r)
}

// block makes sure that there are parentheses to add to.
func (s *sheet) block() {
	if slices.ContainsFunc(s.rows, func(r importRow) bool { return !r.is && r.words() == "import (" }) {
		return
	}
	at := slices.IndexFunc(s.rows, func(r importRow) bool { return r.is && r.path != "C" })
	mark := func(words string) importRow { return importRow{lines: []line{{words: words}}} }
	if at < 0 {
		s.rows = append(s.rows, mark("import ("), mark(")"), mark(""))
		return
	}
	only := s.rows[at]
	only.inBlock = true
	only.lines = slices.Clone(only.lines)
	for i := range only.lines {
		only.lines[i].words = "\t" + strings.TrimPrefix(only.lines[i].words, "import ")
	}
	s.rows = slices.Replace(s.rows, at, at+1, mark("import ("), only, mark(")"))
}

// tidy takes out declarations that hold nothing, and blank lines that part
// nothing.
func (s *sheet) tidy() {
	for i := 0; i < len(s.rows); i++ {
		r := s.rows[i]
		above := i > 0 && !s.rows[i-1].is
		switch {
		case r.blank() && above && (s.rows[i-1].blank() || s.rows[i-1].words() == "import ("):
			s.rows = slices.Delete(s.rows, i, i+1)
			i--
		case !r.is && r.words() == ")" && i > 0 && s.rows[i-1].blank():
			s.rows = slices.Delete(s.rows, i-1, i)
			i -= 2
		case !r.is && r.words() == ")" && above && s.rows[i-1].words() == "import (":
			s.rows = slices.Delete(s.rows, i-1, i+1)
			i -= 2
		}
	}
}
