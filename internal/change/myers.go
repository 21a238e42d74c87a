package change

// hunk is one place where a side differs from base: the lines base[b0:b1]
// became the lines side[s0:s1]. Hunks of one side come in order, and at least
// one line that did not change stands between two of them.
type hunk struct{ b0, b1, s0, s1 int }

// inserts says whether the hunk takes nothing away.
func (h hunk) inserts() bool { return h.b0 == h.b1 }

// diff returns the hunks that turn base into side. Lines are numbers: equal
// lines have equal numbers.
//
// It is the divide and conquer of E. Myers, "An O(ND) Difference Algorithm and
// Its Variations" (1986), with what GNU diff and git made of it: lines that
// cannot match are set aside first, the search gives up being minimal when it
// becomes dear, and hunks slide down as far as they go. The choices between
// equally short scripts are git's, so that a merge is clean where git says so.
func diff(base, side []int) []hunk {
	b, s := newSide(base), newSide(side)
	lo, hiB, hiS := trim(base, side)
	spare(b, s, box{lo, hiB, lo, hiS})
	m := newMyers(b, s)
	m.walk(box{0, len(b.ids), 0, len(s.ids)}, false)
	slide(base, b.changed, s.changed)
	slide(side, s.changed, b.changed)
	return script(b.changed, s.changed)
}

// trim returns where the common head ends, and where the common tail starts in
// either side.
func trim(base, side []int) (lo, hiB, hiS int) {
	hiB, hiS = len(base), len(side)
	for lo < hiB && lo < hiS && base[lo] == side[lo] {
		lo++
	}
	for lo < hiB && lo < hiS && base[hiB-1] == side[hiS-1] {
		hiB, hiS = hiB-1, hiS-1
	}
	return lo, hiB, hiS
}

// script reads the hunks off the marks.
func script(base, side []bool) []hunk {
	var hunks []hunk
	for i, j := 0, 0; i < len(base) || j < len(side); i, j = i+1, j+1 {
		h := hunk{b0: i, s0: j}
		for i < len(base) && base[i] {
			i++
		}
		for j < len(side) && side[j] {
			j++
		}
		if h.b1, h.s1 = i, j; h.b0 < h.b1 || h.s0 < h.s1 {
			hunks = append(hunks, h)
		}
	}
	return hunks
}
