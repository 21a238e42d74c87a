package change

import "strings"

// refit gives the lines that one side brings the indent that their neighbours
// have in the merged file, where a comparison without regard to white space
// found that the other side indents otherwise. It says whether every line of
// theirs had such a neighbour.
func (m *merge) refit() bool {
	all := true
	for i, c := range m.chunks {
		for _, s := range c.sources() {
			switch {
			case c.who == stable || c.who == agreed || c.who == quarrel:
			case s == fromOurs:
				m.refitLines(i, m.ours.lines[c.ours.lo:c.ours.hi], s)
			default:
				all = m.refitLines(i, m.theirs.lines[c.theirs.lo:c.theirs.hi], s) && all
			}
		}
	}
	return all
}

// refitLines indents lines of one side like the nearest line that nobody
// changed and that stands as deep on that side.
func (m *merge) refitLines(chunk int, lines []line, side who) bool {
	all := true
	for k := range lines {
		l := &lines[k]
		deep := lead(l.words)
		if blank(*l) {
			continue
		}
		is, ok := m.nearest(chunk, deep, side)
		if !ok {
			is = m.scaled(chunk, deep, side)
		}
		l.words = is + l.words[len(deep):]
		all = all && ok
	}
	return all
}

// scaled returns the indent of a line that stands deeper than all others: by
// what became of the first step, two spaces or a tab.
func (m *merge) scaled(chunk int, deep string, side who) string {
	for n := 1; n < len(deep); n++ {
		if is, ok := m.nearest(chunk, deep[:n], side); ok && len(deep)%n == 0 {
			return strings.Repeat(is, len(deep)/n)
		}
	}
	return deep
}

// nearest returns the indent in the merged file of what is indented so on one
// side; the same if there is no such line near.
func (m *merge) nearest(chunk int, deep string, side who) (string, bool) {
	const far = 200
	seen := 0
	for d := 1; seen < far && (chunk-d >= 0 || chunk+d < len(m.chunks)); d++ {
		for _, at := range []int{chunk - d, chunk + d} {
			if at < 0 || at >= len(m.chunks) || m.chunks[at].who != stable {
				continue
			}
			n := m.chunks[at].base.len()
			for k := 0; k < n && seen < far; k++ {
				seen++
				row := k
				if at < chunk {
					row = n - 1 - k
				}
				if is, ok := m.indentAt(m.chunks[at], row, deep, side); ok {
					return is, true
				}
			}
		}
	}
	return deep, false
}

// indentAt returns the merged indent of a line that nobody changed, if it is
// indented so on the side.
func (m *merge) indentAt(c chunk, row int, deep string, side who) (string, bool) {
	ours, theirs := m.ours.lines[c.ours.lo+row], m.theirs.lines[c.theirs.lo+row]
	l := theirs
	if side == fromOurs {
		l = ours
	}
	if blank(l) || lead(l.words) != deep {
		return "", false
	}
	return lead(pick(m.base.lines[c.base.lo+row], ours, theirs).words), true
}

// lead is the white space that a line starts with.
func lead(words string) string {
	return words[:len(words)-len(strings.TrimLeft(words, " \t"))]
}
