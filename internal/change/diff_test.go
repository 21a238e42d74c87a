package change

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAFrequentLineAmongNewOnesIsNotSearchedFor(t *testing.T) {
	often := map[int]int{9: 8}
	for _, c := range []struct{ lines, searched []int }{
		{[]int{1, 2, 3, 4, 9, 5, 6, 7, 8}, nil},
		{[]int{1, 2, 3, 9, 5, 6, 7}, []int{9}},
		{[]int{1, 2, 3, 4, 9}, []int{9}},
	} {
		s := newSide(c.lines)
		s.keep(0, len(c.lines), often)
		if diff := cmp.Diff(c.searched, s.ids); diff != "" {
			t.Errorf("%v: %s", c.lines, diff)
		}
	}
}

func TestAHunkSlidesDownOrToItsCounterpart(t *testing.T) {
	for _, c := range []struct {
		base, side []int
		want       []hunk
	}{
		{[]int{1, 2}, []int{1, 2, 1, 2}, []hunk{{2, 2, 2, 4}}},
		{[]int{1, 2, 3}, []int{1, 2, 1, 2, 3}, []hunk{{2, 2, 2, 4}}},
		{[]int{1, 2, 3, 1}, []int{4, 2, 3, 1, 1}, []hunk{{0, 1, 0, 1}, {4, 4, 4, 5}}},
		{[]int{5, 1, 1, 6}, []int{7, 1, 6}, []hunk{{0, 2, 0, 1}}},
	} {
		if diff := cmp.Diff(c.want, diff(c.base, c.side), cmp.AllowUnexported(hunk{})); diff != "" {
			t.Errorf("%v %v: %s", c.base, c.side, diff)
		}
	}
}

// Two files with nothing in common but chance: the search must give up being
// minimal, and still say what is true.
func TestADearComparisonIsStillTrue(t *testing.T) {
	noise := func(seed uint64) []int {
		r := rand.New(rand.NewPCG(seed, 17))
		ids := make([]int, 20000)
		for i := range ids {
			ids[i] = r.IntN(3)
		}
		return ids
	}
	base, side := noise(1), noise(2)
	b, s, changed := 0, 0, 0
	for _, h := range append(diff(base, side), hunk{len(base), len(base), len(side), len(side)}) {
		if h.b0-b != h.s0-s || !slices.Equal(base[b:h.b0], side[s:h.s0]) {
			t.Fatalf("the lines before %v are not the same", h)
		}
		changed += h.b1 - h.b0
		b, s = h.b1, h.s1
	}
	// The longest common part of such files is about 0.72 of them.
	if changed > len(base)*4/10 {
		t.Errorf("%d of %d lines changed", changed, len(base))
	}
}
