package id

import (
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
)

func TestPostgresStoresAnIDAsUUID(t *testing.T) {
	types := pgtype.NewMap()
	made := Make[orderKind]()
	for name, format := range map[string]int16{"text": pgtype.TextFormatCode, "binary": pgtype.BinaryFormatCode} {
		t.Run(name, func(t *testing.T) {
			stored, err := types.Encode(pgtype.UUIDOID, format, made, nil)
			if err != nil {
				t.Fatal(err)
			}
			var read ID[orderKind]
			if err := types.Scan(pgtype.UUIDOID, format, stored, &read); err != nil || read != made {
				t.Errorf("read %v, %v, want %v", read, err, made)
			}
		})
	}
}

func TestPostgresStoresSeveralIDsAsAnArray(t *testing.T) {
	types := pgtype.NewMap()
	made := []ID[orderKind]{Make[orderKind](), Make[orderKind]()}
	stored, err := types.Encode(pgtype.UUIDArrayOID, pgtype.BinaryFormatCode, made, nil)
	if err != nil {
		t.Fatal(err)
	}
	var read []ID[orderKind]
	if err := types.Scan(pgtype.UUIDArrayOID, pgtype.BinaryFormatCode, stored, &read); err != nil {
		t.Fatal(err)
	}
	if len(read) != 2 || read[0] != made[0] || read[1] != made[1] {
		t.Errorf("read %v, want %v", read, made)
	}
}

func TestNullIsAnIDOnlyInAPointer(t *testing.T) {
	types := pgtype.NewMap()
	var id ID[orderKind]
	if err := types.Scan(pgtype.UUIDOID, pgtype.BinaryFormatCode, nil, &id); err == nil {
		t.Errorf("null is read as %v, want an error", id)
	}
	pointer := &id
	if err := types.Scan(pgtype.UUIDOID, pgtype.BinaryFormatCode, nil, &pointer); err != nil || pointer != nil {
		t.Errorf("null is read as %v, %v, want nil", pointer, err)
	}
	if stored, err := types.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, ID[orderKind]{}, nil); err == nil {
		t.Errorf("an ID that was never set is stored as %x, want an error", stored)
	}
	if stored, err := types.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, (*ID[orderKind])(nil), nil); err != nil || stored != nil {
		t.Errorf("a nil pointer is stored as %x, %v, want null", stored, err)
	}
}
