package id

import (
	"errors"

	"github.com/jackc/pgx/v5/pgtype"
)

// UUIDValue implements pgtype.UUIDValuer, for a parameter of type uuid: by way of text it costs pgx twenty times as much.
func (u UUID) UUIDValue() (pgtype.UUID, error) {
	if u.IsZero() {
		return pgtype.UUID{}, errZero
	}
	return pgtype.UUID{Bytes: u, Valid: true}, nil
}

// ScanUUID implements pgtype.UUIDScanner, for a column of type uuid. NULL is refused: a column that may be null is read into a
// pointer.
func (u *UUID) ScanUUID(v pgtype.UUID) error {
	if !v.Valid {
		return errors.New("scan a UUID from NULL")
	}
	*u = v.Bytes
	return nil
}

// UUIDValue implements pgtype.UUIDValuer.
func (i ID[K]) UUIDValue() (pgtype.UUID, error) { return i.uuid.UUIDValue() }

// ScanUUID implements pgtype.UUIDScanner.
func (i *ID[K]) ScanUUID(v pgtype.UUID) error { return i.uuid.ScanUUID(v) }
