package password

import (
	_ "embed"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"example.com/myapp/internal/platform/secret"
)

// The bounds of a password, in characters of its normal form. There is no rule of what it is made of: such rules make passwords
// that are alike.
const (
	shortest = 8
	longest  = 128

	// One character may be typed as so many others of four bytes each: no password of the longest has more bytes.
	parts     = 4
	mostBytes = 4 * parts * (longest + 1)
)

// The errors of Check, in words for the one who chose.
var (
	ErrLength = errors.New("a password has 8 to 128 characters")
	ErrCommon = errors.New("this password is among those that are tried first; choose another")
)

// common.txt is a short list of our own of well-known passwords with eight characters or more, in lower case. It stops what is
// guessed in the first few hundred tries; a service that knows all leaked passwords stops more.
//
//go:embed common.txt
var commonText string

// Check refuses a password that may not be chosen. The error does not hold it.
func Check(plain secret.String) error {
	text := normal(plain)
	switch n := utf8.RuneCountInString(text); {
	case n < shortest || n > longest:
		return ErrLength
	case slices.Contains(strings.Fields(commonText), strings.ToLower(text)):
		return ErrCommon
	}
	return nil
}

// normal is what is counted, compared and hashed of a password: NFKC, as NIST SP 800-63B says, since one system sends an é as one
// character and the next as two. What has too many bytes is cut before the work, where it still has too many characters.
func normal(plain secret.String) string {
	text := plain.Reveal()
	return norm.NFKC.String(text[:min(len(text), mostBytes)])
}
