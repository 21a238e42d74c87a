package change

import "slices"

// span is a range of lines.
type span struct{ lo, hi int }

func (s span) len() int         { return s.hi - s.lo }
func (s span) first(n int) span { return span{s.lo, s.lo + n} }
func (s span) from(n int) span  { return span{s.lo + n, s.hi} }

// who says where the lines of a chunk come from.
type who byte

const (
	stable     who = iota // nobody changed them
	fromOurs              // only the user did
	fromTheirs            // only the generator did
	agreed                // both did, to the same lines
	bothAdded             // both inserted here: theirs, then ours
	bothAddedOursFirst
	quarrel // a person must decide
)

// chunk is a part of a merge: the lines of each version that correspond.
type chunk struct {
	who                who
	base, ours, theirs span
	// eased says that git would have made a conflict of it: see doc.go.
	eased bool
	why   string // of a quarrel
}

// merge is a three-way merge of lines under way.
type merge struct {
	base, ours, theirs text
	b, o, t            []int // the same as numbers
	strict             bool  // quarrel where git would
	grammar            grammar
	chunks             []chunk
}

func prepare(base, ours, theirs text, g grammar) *merge {
	n := numbers(base, ours, theirs)
	return &merge{base: base, ours: ours, theirs: theirs, b: n[0], o: n[1], t: n[2], grammar: g}
}

// sameLines says whether another merge takes the same lines for equal.
func (m *merge) sameLines(n *merge) bool {
	return slices.Equal(m.b, n.b) && slices.Equal(m.o, n.o) && slices.Equal(m.t, n.t)
}

// compare cuts the three versions into chunks, and returns the merge.
func (m *merge) compare(strict bool) *merge {
	byOurs, byTheirs := diff(m.b, m.o), diff(m.b, m.t)
	if !strict {
		byOurs, byTheirs = m.split(byOurs, m.ours), m.split(byTheirs, m.theirs)
	}
	m.strict = strict || m.uprooted(byOurs) || m.uprooted(byTheirs)
	m.chunks = m.cut(m.fuse(group(byOurs, byTheirs)))
	return m
}

// uprooted says whether a side has nothing left of base that says something:
// neither a line, nor one in its place. Then there is nothing beside which the
// other side's lines would stand.
func (m *merge) uprooted(hs []hunk) bool {
	gone := make([]bool, len(m.b))
	for _, h := range hs {
		for i := h.b0; i < h.b1; i++ {
			gone[i] = h.b1-h.b0 != h.s1-h.s0
		}
	}
	said := false
	for i, l := range m.base.lines {
		if !blank(l) && !gone[i] {
			return false
		}
		said = said || !blank(l)
	}
	return said
}

// cut makes the chunks: one for every group, and one for what stands between.
func (m *merge) cut(groups []hunks) []chunk {
	var chunks []chunk
	var at chunk
	until := func(b, o, t int) {
		if at.base.lo < b {
			at.base.hi, at.ours.hi, at.theirs.hi = b, o, t
			chunks = append(chunks, at)
		}
	}
	for _, g := range groups {
		until(g.base.lo, g.ours.lo, g.theirs.lo)
		chunks = append(chunks, m.resolve(g)...)
		at = chunk{base: span{lo: g.base.hi}, ours: span{lo: g.ours.hi}, theirs: span{lo: g.theirs.hi}}
	}
	until(len(m.b), len(m.o), len(m.t))
	return chunks
}

// same says whether both sides have the same lines.
func (m *merge) same(ours, theirs span) bool {
	return slices.Equal(m.o[ours.lo:ours.hi], m.t[theirs.lo:theirs.hi])
}
