package change

import "math"

// box is the part of the two sides that is being compared:
// base[b0:b1] with side[s0:s1].
type box struct{ b0, b1, s0, s1 int }

// myers searches for a short script. forth[k] is how far into base the paths
// from the top left of a box have come on diagonal k, back[k] the same for the
// paths from the bottom right.
type myers struct {
	b, s        *oneSide
	forth, back []int
	zero        int // where diagonal 0 stands in forth and back
}

// dear is the cost at which a search settles for a good split. It is git's for
// files of up to 65,000 lines; git lets it grow with longer ones.
const dear = 256

func newMyers(b, s *oneSide) *myers {
	n := len(b.ids) + len(s.ids) + 3
	return &myers{
		b: b, s: s,
		forth: make([]int, n), back: make([]int, n),
		zero: len(s.ids) + 1,
	}
}

// walk marks what changed within the box. An exact walk never settles for
// less than the shortest script.
func (m *myers) walk(x box, exact bool) {
	for x.b0 < x.b1 && x.s0 < x.s1 && m.b.ids[x.b0] == m.s.ids[x.s0] {
		x.b0, x.s0 = x.b0+1, x.s0+1
	}
	for x.b0 < x.b1 && x.s0 < x.s1 && m.b.ids[x.b1-1] == m.s.ids[x.s1-1] {
		x.b1, x.s1 = x.b1-1, x.s1-1
	}
	if x.b0 == x.b1 || x.s0 == x.s1 {
		for i := x.b0; i < x.b1; i++ {
			m.b.changed[m.b.at[i]] = true
		}
		for j := x.s0; j < x.s1; j++ {
			m.s.changed[m.s.at[j]] = true
		}
		return
	}
	at := m.split(x, exact)
	m.walk(box{x.b0, at.b, x.s0, at.s}, at.exactBefore)
	m.walk(box{at.b, x.b1, at.s, x.s1}, at.exactAfter)
}

// splitPoint is a point that a short path goes through.
type splitPoint struct {
	b, s                    int
	exactBefore, exactAfter bool
}

// reach is the range of diagonals that one direction has come to.
type reach struct{ lo, hi int }

// edges are the first and last diagonal of the box, and what stands beyond.
type edges struct{ least, most, fence int }

// widen adds a diagonal at either end, or gives one up at the edge of the box,
// and sets the fence beyond them.
func (r *reach) widen(v []int, zero int, e edges) {
	if r.lo > e.least {
		r.lo--
		v[zero+r.lo-1] = e.fence
	} else {
		r.lo++
	}
	if r.hi < e.most {
		r.hi++
		v[zero+r.hi+1] = e.fence
	} else {
		r.hi--
	}
}

func (m *myers) split(x box, exact bool) splitPoint {
	least, most := x.b0-x.s1, x.b1-x.s0
	from, to := x.b0-x.s0, x.b1-x.s1
	odd := (from-to)&1 != 0
	f, b := reach{from, from}, reach{to, to}
	m.forth[m.zero+from], m.back[m.zero+to] = x.b0, x.b1
	for cost := 1; ; cost++ {
		f.widen(m.forth, m.zero, edges{least, most, -1})
		for k := f.hi; k >= f.lo; k -= 2 {
			i := m.onward(x, k)
			if odd && b.lo <= k && k <= b.hi && m.back[m.zero+k] <= i {
				return splitPoint{i, i - k, true, true}
			}
		}
		b.widen(m.back, m.zero, edges{least, most, math.MaxInt})
		for k := b.hi; k >= b.lo; k -= 2 {
			i := m.backward(x, k)
			if !odd && f.lo <= k && k <= f.hi && i <= m.forth[m.zero+k] {
				return splitPoint{i, i - k, true, true}
			}
		}
		if !exact && cost >= dear {
			return m.settle(x, f, b)
		}
	}
}

// onward takes the best path to diagonal k one change further, and along the
// lines that match.
func (m *myers) onward(x box, k int) int {
	i := m.forth[m.zero+k+1]
	if left := m.forth[m.zero+k-1]; left >= i {
		i = left + 1
	}
	for j := i - k; i < x.b1 && j < x.s1 && m.b.ids[i] == m.s.ids[j]; j++ {
		i++
	}
	m.forth[m.zero+k] = i
	return i
}

// backward is onward from the other end.
func (m *myers) backward(x box, k int) int {
	i := m.back[m.zero+k-1]
	if right := m.back[m.zero+k+1]; i >= right {
		i = right - 1
	}
	for j := i - k; i > x.b0 && j > x.s0 && m.b.ids[i-1] == m.s.ids[j-1]; j-- {
		i--
	}
	m.back[m.zero+k] = i
	return i
}

// settle returns the point furthest along either way. It keeps the cost of a
// comparison near the length of the files when they have nothing in common.
func (m *myers) settle(x box, f, b reach) splitPoint {
	far := splitPoint{exactBefore: true}
	most := -1
	for k := f.hi; k >= f.lo; k -= 2 {
		i := min(m.forth[m.zero+k], x.b1)
		j := i - k
		if j > x.s1 {
			i, j = x.s1+k, x.s1
		}
		if i+j > most {
			most, far.b, far.s = i+j, i, j
		}
	}
	near := splitPoint{exactAfter: true}
	least := math.MaxInt
	for k := b.hi; k >= b.lo; k -= 2 {
		i := max(m.back[m.zero+k], x.b0)
		j := i - k
		if j < x.s0 {
			i, j = x.s0+k, x.s0
		}
		if i+j < least {
			least, near.b, near.s = i+j, i, j
		}
	}
	if x.b1+x.s1-least < most-x.b0-x.s0 {
		return far
	}
	return near
}
