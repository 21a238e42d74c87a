package id

import (
	"database/sql/driver"
	"fmt"
)

// Value implements driver.Valuer: pgx sends a UUID through it, in text and in binary.
func (u UUID) Value() (driver.Value, error) {
	if u.IsZero() {
		return nil, errZero
	}
	return u.String(), nil
}

// Scan implements sql.Scanner for a column of type uuid. NULL is refused: a column that may be null is read into a pointer.
func (u *UUID) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("scan a UUID from %T", src)
	}
	return u.UnmarshalText([]byte(text))
}

// Value implements driver.Valuer.
func (i ID[K]) Value() (driver.Value, error) {
	return i.uuid.Value()
}

// Scan implements sql.Scanner for a column of type uuid.
func (i *ID[K]) Scan(src any) error {
	return i.uuid.Scan(src)
}
