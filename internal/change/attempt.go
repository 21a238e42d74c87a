package change

import (
	"bytes"
	"slices"
	"strings"
)

const (
	bothChanged = "both changed these lines"
	bothDeclare = "both add the same name"
	doNotFit    = "the two changes do not fit together"
	notTogether = "both changes in one file make it invalid"
)

// mergeText merges three files line by line.
func mergeText(base, ours, theirs []byte, g grammar) Result {
	return attempt(read(base), read(ours), read(theirs), g).result()
}

// attempt merges by whole lines, as git does, and if that leaves a quarrel by
// ever looser comparisons. What comes out must hold no name twice and be valid
// if both sides were; else it goes back to what git would do, and if that will
// not do either every change of theirs is in question.
func attempt(base, ours, theirs text, g grammar) *merge {
	m := prepare(base, ours, theirs, g).compare(false)
	looser := append([]func(text) text{anyEnding}, g.looser...)
	for i, keys := range looser {
		if m.weight() == 0 {
			break
		}
		next := prepare(keys(base), keys(ours), keys(theirs), g)
		if next.sameLines(m) {
			continue
		}
		next.compare(false)
		if fits := i == 0 || next.refit() || !g.byIndent; fits && next.weight() < m.weight() {
			m = next
		}
	}
	m.separate()
	if m.weight() > 0 || g.valid == nil || g.valid(m.text()) || !g.valid(ours) || !g.valid(theirs) {
		return m
	}
	m = prepare(anyEnding(base), anyEnding(ours), anyEnding(theirs), g).compare(true)
	why := doNotFit
	if m.weight() == 0 && !g.valid(m.text()) {
		m.question()
		why = notTogether
	}
	for i := range m.chunks {
		m.chunks[i].why = why
	}
	return m
}

// question makes a quarrel of everything that theirs changed.
func (m *merge) question() {
	for i := range m.chunks {
		if c := &m.chunks[i]; c.who != stable && c.who != agreed && c.who != fromOurs {
			c.who = quarrel
		}
	}
}

// torn is the conflict that is the whole file.
func torn(base, ours, theirs []byte) Result {
	return Result{
		Pieces: []Piece{{Conflict: &Conflict{Base: base, Ours: ours, Theirs: theirs, Reason: notTogether}}},
		Ending: read(ours).ending(),
	}
}

// anyEnding compares lines without the white space at their end.
func anyEnding(t text) text {
	return t.keyed(func(l line) string { return strings.TrimRight(l.words, " \t") })
}

// weight is the number of lines in quarrels; at least 1 if there is one.
func (m *merge) weight() int {
	n := 0
	for _, c := range m.chunks {
		if c.who == quarrel {
			n += 1 + c.ours.len() + c.theirs.len()
		}
	}
	return n
}

// text is the merged text. It has no quarrel.
func (m *merge) text() text {
	var out bytes.Buffer
	for _, p := range m.result().Pieces {
		out.Write(p.Text)
	}
	return read(out.Bytes())
}

// separate makes a quarrel of what theirs brings under a name that ours brings
// as well, wherever it stands.
func (m *merge) separate() {
	if m.grammar.twice == nil || m.weight() > 0 {
		return
	}
	origin, at := m.origins()
	for _, pair := range m.grammar.twice(m.text()) {
		a, b := pair[0], pair[1]
		if origin[a] == fromOurs {
			a, b = b, a
		}
		if origin[a] == fromTheirs && origin[b] == fromOurs {
			c := &m.chunks[at[a]]
			c.who, c.why = quarrel, bothDeclare
		}
	}
}

// origins says of every merged line who brought it and in which chunk it is.
func (m *merge) origins() (origin []who, at []int) {
	add := func(w who, chunk, n int) {
		origin = append(origin, slices.Repeat([]who{w}, n)...)
		at = append(at, slices.Repeat([]int{chunk}, n)...)
	}
	for i, c := range m.chunks {
		switch c.who {
		case stable, agreed:
			add(c.who, i, c.ours.len())
			continue
		}
		for _, s := range c.sources() {
			if s == fromOurs {
				add(s, i, c.ours.len())
			} else {
				add(s, i, c.theirs.len())
			}
		}
	}
	return origin, at
}
