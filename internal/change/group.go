package change

// hunks are hunks that overlap: their range of base, and of either side.
type hunks struct {
	base, ours, theirs span
	byOurs, byTheirs   []hunk
	eased              bool
}

// group puts hunks that overlap together, and leaves those that only touch
// apart.
func group(ours, theirs []hunk) []hunks {
	var groups []hunks
	shiftO, shiftT := 0, 0
	for len(ours) > 0 || len(theirs) > 0 {
		g := overlapping(&ours, &theirs)
		g.ours.lo, g.theirs.lo = g.base.lo+shiftO, g.base.lo+shiftT
		shiftO += growth(g.byOurs)
		shiftT += growth(g.byTheirs)
		g.ours.hi, g.theirs.hi = g.base.hi+shiftO, g.base.hi+shiftT
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
		take(theirs, &g.byTheirs)
	}
	for {
		switch {
		case len(*ours) > 0 && overlaps(g.base, (*ours)[0]):
			take(ours, &g.byOurs)
		case len(*theirs) > 0 && overlaps(g.base, (*theirs)[0]):
			take(theirs, &g.byTheirs)
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
