package id

import (
	"errors"
	"fmt"
	"strings"
)

// Kind names one kind of entity. It is implemented on an empty struct:
//
//	type orderKind struct{}
//
//	func (orderKind) Prefix() string { return "order" }
//
//	type OrderID = id.ID[orderKind]
type Kind interface {
	// Prefix is what the public text of the ids starts with: lower case letters and underscores.
	Prefix() string
}

// ID identifies one entity of kind K. IDs of two kinds are different types, which cannot be converted into each other. The
// zero value is no identifier; it is never the result of Parse or Make, and is refused where an ID is written.
type ID[K Kind] struct {
	_ [0]K // without it ID[A](b) would compile for an ID[B]

	uuid UUID
}

// errZero is the answer to an identifier that was never made.
var errZero = errors.New("id was never set")

// Make returns a new identifier.
func Make[K Kind]() ID[K] {
	return ID[K]{uuid: New()}
}

// FromUUID returns the identifier of kind K that u is, which only u's source can vouch for.
func FromUUID[K Kind](u UUID) ID[K] {
	return ID[K]{uuid: u}
}

// Parse reads the public text of an identifier of kind K. It takes exactly what String writes: this kind's prefix, and
// base 32 in lower case.
func Parse[K Kind](text string) (ID[K], error) {
	var kind K
	digits, ok := strings.CutPrefix(text, kind.Prefix()+"_")
	if !ok {
		return ID[K]{}, fmt.Errorf("not an id of the form %s_…", kind.Prefix())
	}
	u, ok := decode(digits)
	if !ok || u.IsZero() {
		return ID[K]{}, fmt.Errorf("not an id of the form %s_… with %d characters of %s", kind.Prefix(), textLen, alphabet)
	}
	return ID[K]{uuid: u}, nil
}

// UUID returns the bits of the identifier, without its kind.
func (i ID[K]) UUID() UUID {
	return i.uuid
}

// IsZero says whether i is no identifier.
func (i ID[K]) IsZero() bool {
	return i.uuid.IsZero()
}

// String returns the public text.
func (i ID[K]) String() string {
	var kind K
	return kind.Prefix() + "_" + encode(i.uuid)
}

// MarshalText implements encoding.TextMarshaler, and with it the JSON of an ID. An ID that was never set is refused, so
// that no client is given one.
func (i ID[K]) MarshalText() ([]byte, error) {
	if i.IsZero() {
		return nil, errZero
	}
	return []byte(i.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (i *ID[K]) UnmarshalText(text []byte) error {
	parsed, err := Parse[K](string(text))
	if err != nil {
		return err
	}
	*i = parsed
	return nil
}
