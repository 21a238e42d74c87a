package page_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/page"
)

type row struct{ ID id.UUID }

// read reads a page of a list of so many rows.
func read(t *testing.T, d *db.DB, rows int, r page.Request) page.Page[row] {
	t.Helper()
	const query = `
		select id from (select (repeat('f', 27) || lpad(to_hex(n), 5, '0'))::uuid as id from generate_series(1, $3) n) rows
		where id < $1 order by id desc limit $2`
	found, err := page.Read(t.Context(), d, r, func(r row) id.UUID { return r.ID }, query, rows)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTheNextPageBeginsWhereOneEnds(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for rows, want := range map[int][]int{0: {0}, 1: {1}, 2: {2}, 3: {2, 1}, 4: {2, 2}, 5: {2, 2, 1}} {
		var sizes []int
		var last string
		seen := map[string]bool{}
		for r := (page.Request{Limit: 2}); len(sizes) < 10; {
			found := read(t, d, rows, r)
			sizes = append(sizes, len(found.Items))
			for _, item := range found.Items {
				if at := item.ID.String(); seen[at] || last != "" && at > last {
					t.Errorf("of %d rows %s comes after %s", rows, at, last)
				} else {
					seen[at], last = true, at
				}
			}
			if r.Cursor = found.NextCursor; r.Cursor.IsZero() {
				break
			}
		}
		if diff := cmp.Diff(want, sizes); diff != "" || len(seen) != rows {
			t.Errorf("of %d rows %d are seen; the sizes of the pages (-want +got):\n%s", rows, len(seen), diff)
		}
	}
}

func TestALimitHasADefaultAndABound(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for asked, want := range map[int]int{-1: 50, 0: 50, 1: 1, 200: 200, 201: 200, 1 << 40: 200} {
		if got := len(read(t, d, 300, page.Request{Limit: asked}).Items); got != want {
			t.Errorf("asked for %d: %d, want %d", asked, got, want)
		}
	}
}

func TestAPageSaysWhereTheNextOneBeginsUnlessItIsTheLast(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for rows, want := range map[int]string{
		0: `{"items":[]}`,
		1: `{"items":[{"ID":"ffffffff-ffff-ffff-ffff-fffffff00001"}]}`,
		2: `{"items":[{"ID":"ffffffff-ffff-ffff-ffff-fffffff00002"}],"next_cursor":"cursor_7zzzzzzzzzzzzzzzzzzzzz0002"}`,
	} {
		text, err := json.Marshal(read(t, d, rows, page.Request{Limit: 1}))
		if got := string(text); got != want || err != nil {
			t.Errorf("of %d rows: %s, %v", rows, got, err)
		}
	}
}

func TestTextThatNoPageGaveIsRefused(t *testing.T) {
	t.Parallel()
	good := id.Make[kind]().String()
	for _, text := range []string{"", "x", "order" + strings.TrimPrefix(good, "cursor"), good + "0", good[:len(good)-1], " " + good} {
		if err := new(page.Cursor).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	if err := new(page.Cursor).UnmarshalText([]byte(good)); err != nil {
		t.Error(err)
	}
}

type kind struct{}

func (kind) Prefix() string { return "cursor" }
