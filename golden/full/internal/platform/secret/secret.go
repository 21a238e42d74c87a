// Package secret holds values that must not be seen: passwords, tokens, addresses with a password in them.
//
// A String gives its text to Reveal and to nothing else. What prints, logs or encodes it (fmt, log/slog, JSON, XML, text,
// a printer that walks unexported fields) writes "[redacted]" or an address in memory. Call Reveal only where the value
// leaves for the one that needs it.
package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what is written in place of a secret that is set.
const Redacted = "[redacted]"

// String is a secret. The zero value is the empty secret. It is not comparable with ==: see Equal.
type String struct {
	// A closure, and not a string: fmt and the printers of debuggers read unexported fields, where no method of ours is
	// asked, but nothing reads what a closure holds.
	reveal func() string
}

// New returns the secret whose text is s.
func New(s string) String {
	return String{reveal: func() string { return s }}
}

// Reveal returns the text. Each call of it is a place to look at in a review.
func (s String) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero says whether the secret is empty.
func (s String) IsZero() bool {
	return s.Reveal() == ""
}

// Equal compares in a time that does not depend on where the two differ.
func (s String) Equal(other String) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns "[redacted]", or nothing if the secret is empty.
func (s String) String() string {
	if s.IsZero() {
		return ""
	}
	return Redacted
}

// Format implements fmt.Formatter: every verb writes the same, among them %x and %d, which would not ask String.
func (s String) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String())
}

// LogValue implements slog.LogValuer.
func (s String) LogValue() slog.Value {
	return slog.StringValue(s.String())
}

// MarshalText implements encoding.TextMarshaler; JSON and XML use it too.
func (s String) MarshalText() ([]byte, error) {
	return []byte(s.String()), nil
}
