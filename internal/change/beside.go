package change

import (
	"regexp"
	"slices"
	"strings"
)

// fuse makes one quarrel of groups that touch, unless they are only neighbours:
// no line of base stands between them, but none belongs to both either.
func (m *merge) fuse(groups []hunks) []hunks {
	var out []hunks
	for _, g := range groups {
		if len(out) == 0 || out[len(out)-1].base.hi < g.base.lo {
			out = append(out, g)
			continue
		}
		above := &out[len(out)-1]
		if !m.strict && m.neighbours(*above, g) {
			if !sameSide(*above, g) {
				above.eased, g.eased = true, true
			}
			out = append(out, g)
			continue
		}
		above.base.hi, above.ours.hi, above.theirs.hi = g.base.hi, g.ours.hi, g.theirs.hi
		above.byOurs = append(above.byOurs, g.byOurs...)
		above.byTheirs = append(above.byTheirs, g.byTheirs...)
	}
	return out
}

// sameSide says whether both groups are the work of one side: of a hunk that
// was split.
func sameSide(g, h hunks) bool {
	return len(g.byOurs)+len(h.byOurs) == 0 || len(g.byTheirs)+len(h.byTheirs) == 0
}

// edit is what one side did to a range of base.
type edit struct {
	side     who
	old, new []line
}

// edits are what the sides did in a group.
func (m *merge) edits(g hunks) []edit {
	var out []edit
	old := m.base.lines[g.base.lo:g.base.hi]
	if len(g.byOurs) > 0 {
		out = append(out, edit{fromOurs, old, m.ours.lines[g.ours.lo:g.ours.hi]})
	}
	if len(g.byTheirs) > 0 {
		out = append(out, edit{fromTheirs, old, m.theirs.lines[g.theirs.lo:g.theirs.hi]})
	}
	return out
}

// neighbours says whether two groups that touch can both be done. Each must be
// the work of one side, or two insertions.
func (m *merge) neighbours(above, below hunks) bool {
	a, b := m.edits(above), m.edits(below)
	if len(a) > 1 && above.base.len() > 0 || len(b) > 1 && below.base.len() > 0 {
		return false
	}
	for _, a := range a {
		for _, b := range b {
			if a.side != b.side && !m.beside(a, b) {
				return false
			}
		}
	}
	return true
}

// beside says whether what one side did can stand beside what the other did.
func (m *merge) beside(above, below edit) bool {
	if above.moves() || below.moves() || repeats(above, below) {
		return false
	}
	if above.changes() && below.changes() {
		return m.rows(above) && m.rows(below)
	}
	return !m.leans(above, below)
}

func (e edit) changes() bool { return len(e.old) > 0 && len(e.new) > 0 }

// moves says whether an edit gave a line another indent. What is to stand beside
// it may have to move as well.
func (e edit) moves() bool {
	stood := map[string]string{}
	for _, l := range e.old {
		stood[strings.TrimSpace(l.words)] = lead(l.words)
	}
	return slices.ContainsFunc(e.new, func(l line) bool {
		was, ok := stood[strings.TrimSpace(l.words)]
		return ok && !blank(l) && was != lead(l.words)
	})
}

// repeats says whether one side inserts what the other has there already as a
// part of its edit: the change was made before.
func repeats(above, below edit) bool {
	switch a, b := above.new, below.new; {
	case len(above.old) == 0:
		return len(a) <= len(b) && slices.EqualFunc(a, b[:len(a)], sameWords)
	case len(below.old) == 0:
		return len(b) <= len(a) && slices.EqualFunc(b, a[len(a)-len(b):], sameWords)
	}
	return false
}

// leans says whether what stands below belongs to a block whose head was taken
// away or rewritten above it: a line of a compose service that is gone.
func (m *merge) leans(above, below edit) bool {
	if m.lineForLine(above) {
		return false
	}
	head := 1 << 30
	for _, l := range above.old {
		if !blank(l) {
			head = min(head, m.grammar.rank(l.words))
		}
	}
	if m.grammar.defines != nil && m.undefines(above, below.new) {
		return true
	}
	for _, l := range below.new {
		if !blank(l) {
			return m.grammar.rank(l.words) > head
		}
	}
	return false
}

// undefines says whether an edit takes a name away that lines below it use.
func (m *merge) undefines(e edit, below []line) bool {
	for _, l := range e.old {
		for _, name := range m.grammar.defines(l.words) {
			word := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
			uses := func(l line) bool { return word.MatchString(l.words) }
			if slices.ContainsFunc(below, uses) && !slices.ContainsFunc(e.new, uses) {
				return true
			}
		}
	}
	return false
}

// lineForLine says whether an edit left as many lines, each at its depth.
func (m *merge) lineForLine(e edit) bool {
	return slices.EqualFunc(e.old, e.new, func(a, b line) bool {
		return m.grammar.rank(a.words) == m.grammar.rank(b.words)
	})
}
