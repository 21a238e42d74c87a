package change

import "slices"

// span is a range of lines.
type span struct{ lo, hi int }

func (s span) len() int { return s.hi - s.lo }

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
	who             who
	base, ours, thr span
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

// newMerge compares the three versions and cuts them into chunks.
func newMerge(base, ours, theirs text, g grammar, strict bool) *merge {
	m := prepare(base, ours, theirs, g)
	m.compare(strict)
	return m
}

func prepare(base, ours, theirs text, g grammar) *merge {
	n := numbers(base, ours, theirs)
	return &merge{base: base, ours: ours, theirs: theirs, b: n[0], o: n[1], t: n[2], grammar: g}
}

// sameLines says whether another merge takes the same lines for equal.
func (m *merge) sameLines(n *merge) bool {
	return slices.Equal(m.b, n.b) && slices.Equal(m.o, n.o) && slices.Equal(m.t, n.t)
}

// compare cuts the three versions into chunks.
func (m *merge) compare(strict bool) {
	byOurs, byTheirs := diff(m.b, m.o), diff(m.b, m.t)
	m.strict = strict || m.uprooted(byOurs) || m.uprooted(byTheirs)
	m.chunks = m.cut(m.fuse(group(byOurs, byTheirs)))
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

// hunks are hunks that overlap: their range of base, and of either side.
type hunks struct {
	base, ours, thr span
	byOurs, byThr   []hunk
	eased           bool
}

// group puts hunks that overlap together, and leaves those that only touch
// apart.
func group(ours, theirs []hunk) []hunks {
	var groups []hunks
	shiftO, shiftT := 0, 0
	for len(ours) > 0 || len(theirs) > 0 {
		g := overlapping(&ours, &theirs)
		g.ours.lo, g.thr.lo = g.base.lo+shiftO, g.base.lo+shiftT
		shiftO += growth(g.byOurs)
		shiftT += growth(g.byThr)
		g.ours.hi, g.thr.hi = g.base.hi+shiftO, g.base.hi+shiftT
		groups = append(groups, g)
	}
	return groups
}

// overlapping takes the next hunk, and all that overlap with it, off the lists.
func overlapping(ours, theirs *[]hunk) hunks {
	var g hunks
	take := func(from, to *[]hunk) {
		g.base.hi = max(g.base.hi, (*from)[0].b1)
		*to, *from = append(*to, (*from)[0]), (*from)[1:]
	}
	mine := len(*theirs) == 0 || len(*ours) > 0 && before((*ours)[0], (*theirs)[0])
	if mine {
		g.base.lo = (*ours)[0].b0
		take(ours, &g.byOurs)
	} else {
		g.base.lo = (*theirs)[0].b0
		take(theirs, &g.byThr)
	}
	for {
		switch {
		case len(*ours) > 0 && overlaps(g.base, (*ours)[0]):
			take(ours, &g.byOurs)
		case len(*theirs) > 0 && overlaps(g.base, (*theirs)[0]):
			take(theirs, &g.byThr)
		default:
			return g
		}
	}
}

// before orders hunks: an insertion at a line comes before a change of it.
func before(h, g hunk) bool {
	return h.b0 < g.b0 || h.b0 == g.b0 && h.b1 <= g.b1
}

// overlaps says whether a hunk that starts no earlier than the range shares a
// line of base with it, or inserts within it, or where it inserts.
func overlaps(r span, h hunk) bool {
	if h.inserts() {
		return r.lo < h.b0 && h.b0 < r.hi || r.len() == 0 && r.lo == h.b0
	}
	return h.b0 < r.hi
}

func growth(hs []hunk) int {
	n := 0
	for _, h := range hs {
		n += (h.s1 - h.s0) - (h.b1 - h.b0)
	}
	return n
}

// cut makes the chunks: one for every group, and one for what stands between.
func (m *merge) cut(groups []hunks) []chunk {
	var chunks []chunk
	var at chunk
	until := func(b, o, t int) {
		if at.base.lo < b {
			at.base.hi, at.ours.hi, at.thr.hi = b, o, t
			chunks = append(chunks, at)
		}
	}
	for _, g := range groups {
		until(g.base.lo, g.ours.lo, g.thr.lo)
		chunks = append(chunks, m.resolve(g)...)
		at = chunk{base: span{lo: g.base.hi}, ours: span{lo: g.ours.hi}, thr: span{lo: g.thr.hi}}
	}
	until(len(m.b), len(m.o), len(m.t))
	return chunks
}

// same says whether both sides have the same lines.
func (m *merge) same(ours, theirs span) bool {
	return slices.Equal(m.o[ours.lo:ours.hi], m.t[theirs.lo:theirs.hi])
}
