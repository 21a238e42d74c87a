// Package page cuts lists into pages by keyset.
//
// A page ends at a row and the next one begins after it, whatever was added or removed meanwhile: nothing is shown twice, and
// nothing is skipped, as it would be by counting rows (offset). There is no total count, which would read the whole table.
// Lists here are newest first by id, which is ordered by time:
//
//	Request -> Read: where id < $1 order by id desc limit $2 -> Page -> its NextCursor in the next Request
package page

import (
	"cmp"
	"context"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

type cursorKind struct{}

// Prefix is what the text of a Cursor starts with.
func (cursorKind) Prefix() string { return "cursor" }

// Cursor is a place in a list: after the row with this id. The zero value is the start. A client is to hand it back and not to
// understand it. In another list, or another tenant's, it is a place as well, and shows nothing of where it comes from.
type Cursor = id.ID[cursorKind]

// start is where no row is before: the highest id.
var start = id.UUID([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))

// Request asks for a page. Zero is the start, and as many rows as the client need not say.
type Request struct {
	Limit  int    `query:"limit" minimum:"1" default:"50" doc:"How many at most, up to 200"`
	Cursor Cursor `query:"cursor" doc:"The next_cursor of the page before"`
}

// Page is a part of a list. The last one has no NextCursor.
type Page[T any] struct {
	Items      []T    `json:"items" nullable:"false"`
	NextCursor Cursor `json:"next_cursor,omitzero"`
}

// Read reads a page with a query that ends as above, whose further arguments are $3 and so on. An index has to serve it, and key
// is what it orders by. It asks for one row more, to know whether a page follows.
func Read[T any](ctx context.Context, d *db.DB, r Request, key func(T) id.UUID, query string, args ...any) (Page[T], error) {
	limit := min(cmp.Or(max(r.Limit, 0), 50), 200)
	rows, err := db.All[T](ctx, d, query, append([]any{cmp.Or(r.Cursor.UUID(), start), limit + 1}, args...)...)
	if err != nil || len(rows) <= limit {
		return Page[T]{Items: rows}, err
	}
	return Page[T]{rows[:limit], id.FromUUID[cursorKind](key(rows[limit-1]))}, nil
}
