package change

import "strings"

// refit gives the lines that theirs brings the indent that the user gave to
// their neighbours, where a comparison without regard to white space found that
// the user indents otherwise. It says whether every line had such a neighbour.
func (m *merge) refit() bool {
	all := true
	for i, c := range m.chunks {
		if c.who == fromTheirs || c.who == bothAdded || c.who == bothAddedOursFirst {
			for k := c.thr.lo; k < c.thr.hi; k++ {
				all = m.refitLine(i, k) && all
			}
		}
	}
	return all
}

// refitLine indents one line of theirs like the nearest line that both have and
// that stands as deep in theirs.
func (m *merge) refitLine(chunk, k int) bool {
	l := &m.theirs.lines[k]
	deep := lead(l.words)
	if blank(*l) {
		return true
	}
	mine, ok := m.nearest(chunk, deep)
	if ok {
		l.words = mine + l.words[len(deep):]
	}
	return ok
}

// nearest returns the user's indent for what is indented so in theirs.
func (m *merge) nearest(chunk int, deep string) (string, bool) {
	const far = 200
	seen := 0
	for d := 1; seen < far && (chunk-d >= 0 || chunk+d < len(m.chunks)); d++ {
		for _, at := range []int{chunk - d, chunk + d} {
			if at < 0 || at >= len(m.chunks) || m.chunks[at].who != stable {
				continue
			}
			c := m.chunks[at]
			for k := range c.thr.len() {
				if at < chunk {
					k = c.thr.len() - 1 - k
				}
				if seen++; seen > far {
					break
				}
				theirs := m.theirs.lines[c.thr.lo+k]
				if !blank(theirs) && lead(theirs.words) == deep {
					return lead(m.ours.lines[c.ours.lo+k].words), true
				}
			}
		}
	}
	return deep, false
}

// lead is the white space that a line starts with.
func lead(words string) string {
	return words[:len(words)-len(strings.TrimLeft(words, " \t"))]
}
