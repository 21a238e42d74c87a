package change

import "slices"

// resolve makes the chunks of a group: one, or a quarrel between the lines on
// which both agree.
func (m *merge) resolve(g hunks) []chunk {
	c := chunk{base: g.base, ours: g.ours, theirs: g.theirs, eased: g.eased}
	switch {
	case len(g.byTheirs) == 0:
		c.who = fromOurs
	case len(g.byOurs) == 0:
		c.who = fromTheirs
	case m.same(g.ours, g.theirs):
		c.who = agreed
	case !m.strict && g.base.len() == 0:
		return []chunk{m.union(c)}
	default:
		return m.narrow(c)
	}
	return []chunk{c}
}

// union resolves two insertions at one place: both stay, the generated one
// first. If one holds the other it stands for both. If one is deeper than the
// other it goes first, for it continues what is above.
func (m *merge) union(c chunk) chunk {
	ours, theirs := m.o[c.ours.lo:c.ours.hi], m.t[c.theirs.lo:c.theirs.hi]
	c.eased = true
	switch {
	case holds(ours, theirs):
		c.who = fromOurs
	case holds(theirs, ours):
		c.who = fromTheirs
	case m.depth(m.ours, c.ours) > m.depth(m.theirs, c.theirs):
		c.who = bothAddedOursFirst
	default:
		c.who = bothAdded
	}
	return c
}

// depth is the rank of the first line of an insertion that says something. A
// blank first line opens a paragraph, which is above everything.
func (m *merge) depth(t text, s span) int {
	for i, l := range t.lines[s.lo:s.hi] {
		switch {
		case !blank(l):
			return m.grammar.rank(l.words)
		case i == 0:
			return -1 << 30
		}
	}
	return 0
}

// holds says whether all of part stands in whole, in one piece. A long part is
// looked for at the ends alone.
func holds(whole, part []int) bool {
	step := 1
	if len(part) > 1000 {
		step = max(1, len(whole)-len(part))
	}
	for i := 0; i+len(part) <= len(whole); i += step {
		if slices.Equal(whole[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// narrow takes the lines on which both sides agree out of a quarrel, from its
// top and its bottom. Not from within: a brace that two functions share is no
// agreement. What is left is no quarrel if one side has it as it was.
func (m *merge) narrow(c chunk) []chunk {
	top, hiO, hiT := trim(m.o[c.ours.lo:c.ours.hi], m.t[c.theirs.lo:c.theirs.hi])
	above := chunk{who: agreed, base: c.base.first(0), ours: c.ours.first(top), theirs: c.theirs.first(top)}
	below := chunk{who: agreed, base: c.base.from(c.base.len()), ours: c.ours.from(hiO), theirs: c.theirs.from(hiT)}
	c.who, c.why = quarrel, bothChanged
	c.ours, c.theirs = c.ours.first(hiO).from(top), c.theirs.first(hiT).from(top)
	if was := m.b[c.base.lo:c.base.hi]; !m.strict {
		switch {
		case slices.Equal(was, m.t[c.theirs.lo:c.theirs.hi]):
			c.who, c.eased = fromOurs, true
		case slices.Equal(was, m.o[c.ours.lo:c.ours.hi]):
			c.who, c.eased = fromTheirs, true
		}
	}
	chunks := []chunk{above, c, below}
	return slices.DeleteFunc(chunks, func(c chunk) bool { return c.who == agreed && c.ours.len() == 0 })
}
