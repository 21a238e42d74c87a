package id

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"
)

// UUID is a universally unique identifier. The zero value is no identifier.
type UUID [16]byte

// errUUID is the one answer to text that is not a UUID.
var errUUID = errors.New("not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")

// New returns a UUID of version 7. Two made in one process at least 250 ns apart sort in the order of making; closer ones
// are distinct but may sort either way.
func New() UUID {
	return newAt(time.Now())
}

// newAt lays out RFC 9562, section 5.7: 48 bits of Unix milliseconds, then by section 6.2, method 3, twelve bits for the
// fraction of the millisecond, then 62 random bits.
func newAt(t time.Time) UUID {
	var u UUID
	rand.Read(u[8:])

	const nanosPerMilli = uint64(time.Millisecond)
	nanos := uint64(t.UnixNano())
	fraction := nanos % nanosPerMilli * 4096 / nanosPerMilli
	binary.BigEndian.PutUint64(u[:8], nanos/nanosPerMilli<<16|0x7000|fraction)
	u[8] = u[8]&0x3f | 0x80
	return u
}

// ParseUUID reads the 36 characters of a UUID's text, in either case. It takes no other form: no braces, no urn:uuid:.
func ParseUUID(s string) (UUID, error) {
	var u UUID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return UUID{}, errUUID
	}
	if _, err := hex.Decode(u[:], []byte(s[0:8]+s[9:13]+s[14:18]+s[19:23]+s[24:36])); err != nil {
		return UUID{}, errUUID
	}
	return u, nil
}

// IsZero says whether u is no identifier.
func (u UUID) IsZero() bool {
	return u == UUID{}
}

// String returns the 36 characters of u's text, in lower case.
func (u UUID) String() string {
	text := hex.EncodeToString(u[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// MarshalText implements encoding.TextMarshaler.
func (u UUID) MarshalText() ([]byte, error) {
	return []byte(u.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (u *UUID) UnmarshalText(text []byte) error {
	parsed, err := ParseUUID(string(text))
	if err != nil {
		return err
	}
	*u = parsed
	return nil
}
