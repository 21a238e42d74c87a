package crypto

import (
	"encoding/binary"
	"errors"

	"example.com/myapp/internal/platform/id"
)

// Subject is whom a data key belongs to. It is made by Person or Tenant.
type Subject struct {
	kind string
	id   id.UUID
}

// Person is the subject for what is about one person, wherever it is stored. Erasing the person destroys its key.
func Person(user id.UUID) Subject { return Subject{"person", user} }

// Tenant is the subject for what belongs to a tenant and to nobody in it.
func Tenant(tenant id.UUID) Subject { return Subject{"tenant", tenant} }

// index is the subject whose key makes blind indexes. There is one, and it is never shredded.
var index = Subject{kind: "index"}

func (s Subject) check() error {
	if s.id.IsZero() {
		return errors.New("subject is nobody: it was not made by Person or Tenant, or of no id")
	}
	return nil
}

// Place is where a sealed value stands. A value opens at its own place only.
type Place struct {
	// Column is schema.table.column.
	Column string

	// Row identifies the row in its table, by what never changes.
	Row string

	// Tenant is whom the row belongs to; zero for a table that belongs to no tenant.
	Tenant id.UUID
}

func (p Place) check() error {
	if p.Column == "" || p.Row == "" {
		return errors.New("place has no column or no row")
	}
	return nil
}

// bind appends p to b so that no two places give the same bytes.
func (p Place) bind(b []byte) []byte {
	for _, part := range []string{p.Column, p.Row} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part))) //nolint:gosec // a name is far below 4 GB
		b = append(b, part...)
	}
	return append(b, p.Tenant[:]...)
}
