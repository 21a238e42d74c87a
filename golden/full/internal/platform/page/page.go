// Package page cuts lists into pages by keyset.
//
// A page ends at a row and the next one begins after it, whatever was added or removed meanwhile: nothing is shown twice, and
// nothing is skipped, as it would be by counting rows (offset). There is no total count, which would read the whole table.
// Lists here are newest first by id, which is ordered by time:
//
//	where id < $1 order by id desc limit $2     with Cursor.Before and Limit+1, then Cut
package page

import (
	"encoding/base64"
	"errors"

	"example.com/myapp/internal/platform/id"
)

// DefaultLimit and MaxLimit are how many rows a page has if the client does not say, and at most.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// version is the first byte of a cursor. A cursor of another form gets another version, so that old ones are refused and not
// misread.
const version = 1

// ErrCursor is the error of text that is no cursor.
var ErrCursor = errors.New("not a cursor that was given by a page before")

// Cursor is a place in a list: after the row with this id. The zero value is the start.
type Cursor struct {
	last id.UUID
}

// Parse reads what String wrote. Empty text is the start of the list.
func Parse(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != 1+len(id.UUID{}) || raw[0] != version {
		return Cursor{}, ErrCursor
	}
	return Cursor{last: id.UUID(raw[1:])}, nil
}

// String returns the cursor as a client sees it, which it is to hand back and not to understand. The start is empty.
func (c Cursor) String() string {
	if c.last.IsZero() {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append([]byte{version}, c.last[:]...))
}

// Before returns the id that all rows after the cursor are less than.
func (c Cursor) Before() id.UUID {
	if !c.last.IsZero() {
		return c.last
	}
	var highest id.UUID
	for i := range highest {
		highest[i] = 0xff
	}
	return highest
}

// Limit returns how many rows a page has for which a client asked this many; 0 means that it did not ask.
func Limit(asked int) int {
	if asked <= 0 {
		return DefaultLimit
	}
	return min(asked, MaxLimit)
}

// Cut returns the page of rows that were read with one row more than limit, and the cursor of the next page, which is the start
// if this page is the last one.
func Cut[T any](rows []T, limit int, key func(T) id.UUID) ([]T, Cursor) {
	if len(rows) <= limit {
		return rows, Cursor{}
	}
	return rows[:limit], Cursor{last: key(rows[limit-1])}
}
