package password

import (
	_ "embed"
	"errors"
	"strings"
	"sync"
	"unicode/utf8"

	"example.com/myapp/internal/platform/secret"
)

// The bounds of a password, in characters. There is no rule of what it is made of: such rules make passwords that are alike.
const (
	shortest = 8
	longest  = 128
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

var common = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(commonText) {
		set[word] = true
	}
	return set
})

// Check refuses a password that may not be chosen. The error does not hold it.
func Check(plain secret.String) error {
	text := plain.Reveal()
	switch n := utf8.RuneCountInString(text); {
	case n < shortest || n > longest:
		return ErrLength
	case common()[strings.ToLower(text)]:
		return ErrCommon
	}
	return nil
}
