package change

// rows says whether every line was replaced by one of the same name: a row of
// a list, a table or a literal that got another value.
func (m *merge) rows(e edit) bool {
	if len(e.old) != len(e.new) {
		return false
	}
	for i := range e.old {
		if !m.sameRow(e.old[i], e.new[i]) {
			return false
		}
	}
	return true
}

func (m *merge) sameRow(a, b line) bool {
	name := m.grammar.name(a.words)
	return name != "" && name == m.grammar.name(b.words) && lead(a.words) == lead(b.words)
}

// split parts the hunks that change rows and insert others among them, so that
// what the other side inserts there is a second insertion at one place.
func (m *merge) split(hs []hunk, side text) []hunk {
	var out []hunk
	for _, h := range hs {
		out = append(out, m.splitHunk(h, side)...)
	}
	return out
}

// splitHunk returns the hunk in parts, or whole if it is not of that kind.
func (m *merge) splitHunk(h hunk, side text) []hunk {
	if h.inserts() || h.s1-h.s0 <= h.b1-h.b0 {
		return []hunk{h}
	}
	var out []hunk
	at := h.s0
	for i := h.b0; i < h.b1; i++ {
		k := at
		for k < h.s1 && !m.sameRow(m.base.lines[i], side.lines[k]) {
			k++
		}
		switch n := len(out); {
		case k == h.s1:
			return []hunk{h}
		case k > at:
			out = append(out, hunk{i, i, at, k}, hunk{i, i + 1, k, k + 1})
		case n > 0:
			out[n-1].b1, out[n-1].s1 = i+1, k+1
		default:
			out = append(out, hunk{i, i + 1, k, k + 1})
		}
		at = k + 1
	}
	if at < h.s1 {
		out = append(out, hunk{h.b1, h.b1, at, h.s1})
	}
	return out
}
