package page_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/page"
)

func TestCursorIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	rows := []id.UUID{id.New(), id.New(), id.New()}
	self := func(u id.UUID) id.UUID { return u }
	items, next := page.Cut(rows, 2, self)
	if diff := cmp.Diff(rows[:2], items); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
	read, err := page.Parse(next.String())
	if err != nil || read != next || read.Before() != rows[1] {
		t.Errorf("read %v, %v; want the place after %v", read, err, rows[1])
	}
}

func TestLastPageHasNoCursor(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2} {
		var rows []id.UUID
		for range n {
			rows = append(rows, id.New())
		}
		items, next := page.Cut(rows, 2, func(u id.UUID) id.UUID { return u })
		if len(items) != n || next.String() != "" {
			t.Errorf("of %d rows: %d items, cursor %q", n, len(items), next)
		}
	}
}

func TestStartIsBeforeEverything(t *testing.T) {
	t.Parallel()
	start, err := page.Parse("")
	if err != nil || start.Before().String() != "ffffffff-ffff-ffff-ffff-ffffffffffff" {
		t.Errorf("got %v, %v", start.Before(), err)
	}
}

func TestTextThatNoPageGaveIsRefused(t *testing.T) {
	t.Parallel()
	_, next := page.Cut([]id.UUID{id.New(), id.New()}, 1, func(u id.UUID) id.UUID { return u })
	good := next.String()
	for _, text := range []string{"x", "!", good + "A", good[1:], "Ag" + good[2:], good + "=", " " + good, good[:22] + "_"} {
		if _, err := page.Parse(text); !errors.Is(err, page.ErrCursor) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestLimitHasADefaultAndABound(t *testing.T) {
	t.Parallel()
	for asked, want := range map[int]int{-1: 50, 0: 50, 1: 1, 200: 200, 201: 200, 1 << 40: 200} {
		if got := page.Limit(asked); got != want {
			t.Errorf("asked for %d: %d, want %d", asked, got, want)
		}
	}
}
