package change

// oneSide is one side of a comparison: all its lines, which of them changed,
// and the lines that take part in the search.
type oneSide struct {
	all     []int
	changed []bool
	ids     []int // the lines searched
	at      []int // where each of them stands in all
}

func newSide(all []int) *oneSide {
	return &oneSide{all: all, changed: make([]bool, len(all))}
}

// The use of a line for the search.
const (
	useless  = iota // the other side does not have it
	useful          // it may match
	frequent        // the other side has it so often that it says little
)

// spare sets aside the lines between the common head and tail that can only
// slow the search or mislead it: those that the other side does not have, and
// the frequent ones among them (a lone brace in a function that is new).
func spare(b, s *oneSide, x box) {
	inB, inS := census(b.all), census(s.all)
	b.keep(x.b0, x.b1, inS)
	s.keep(x.s0, x.s1, inB)
}

func census(ids []int) map[int]int {
	count := make(map[int]int, len(ids))
	for _, id := range ids {
		count[id]++
	}
	return count
}

func (s *oneSide) keep(lo, hi int, other map[int]int) {
	often := min(root(len(s.all)), 1024)
	use := make([]byte, hi-lo)
	for i := range use {
		switch n := other[s.all[lo+i]]; {
		case n >= often && n > 0:
			use[i] = frequent
		case n > 0:
			use[i] = useful
		}
	}
	for i, u := range use {
		if u == useless || u == frequent && drowned(use, i) {
			s.changed[lo+i] = true
			continue
		}
		s.ids = append(s.ids, s.all[lo+i])
		s.at = append(s.at, lo+i)
	}
}

// drowned says whether the frequent line at i stands in a run of lines most of
// which are useless on both sides of it.
func drowned(use []byte, i int) bool {
	const window, share = 100, 4
	run := func(step int) (none, many int) {
		for n, k := 0, i+step; n < window && 0 <= k && k < len(use) && use[k] != useful; n, k = n+1, k+step {
			if use[k] == useless {
				none++
			} else {
				many++
			}
		}
		return none, many
	}
	none0, many0 := run(-1)
	none1, many1 := run(+1)
	if none0 == 0 || none1 == 0 {
		return false
	}
	many := many0 + many1 + 2
	return many*share < many+none0+none1
}

// root returns about the square root of n, and never less than it.
func root(n int) int {
	r := 1
	for ; n > 0; n >>= 2 {
		r <<= 1
	}
	return r
}
