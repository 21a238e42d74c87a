package change

import (
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
