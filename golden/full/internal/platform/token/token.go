// Package token makes the random texts by which somebody proves to have been given something: a session, a link in a mail, an
// invitation.
//
// A token is shown once, to the one whom it is for; the database keeps its SHA-256, so that who reads the database, or a dump
// of it, can use none. A plain hash will do: 256 random bits cannot be guessed, whatever a guess costs. That a token works
// once, and how long, is for the table that holds its hash.
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"example.com/myapp/internal/platform/secret"
)

// size is the randomness of a token, in bytes.
const size = 32

// Kind is what a token is for, as a short word before it: "session" makes session_3q2-7w... A token of one kind is none of
// another, and a scanner of leaked secrets can tell what it found.
type Kind string

// New returns a token, and the hash to keep of it.
func (k Kind) New() (secret.String, []byte) {
	random := make([]byte, size)
	rand.Read(random)
	text := string(k) + "_" + base64.RawURLEncoding.EncodeToString(random)
	return secret.New(text), hash(text)
}

// Hash returns what is kept of a token, and false for a text that no New of this kind made: nobody need be asked about it.
func (k Kind) Hash(text string) ([]byte, bool) {
	random, ok := strings.CutPrefix(text, string(k)+"_")
	if !ok || len(random) != base64.RawURLEncoding.EncodedLen(size) {
		return nil, false
	}
	return hash(text), true
}

// hash is over the kind, too: the hash of one kind is never that of another.
func hash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
