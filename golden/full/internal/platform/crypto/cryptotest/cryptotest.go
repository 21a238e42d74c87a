// Package cryptotest gives tests keys to encrypt with.
package cryptotest

import (
	"testing"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/kek"
	"example.com/myapp/internal/platform/db"
)

// New returns the keys of a database in which the migrations of crypto.Schema were applied, wrapped by a key that is the
// test's own.
func New(t testing.TB, database *db.DB) *crypto.Keys {
	t.Helper()
	ring, err := kek.Parse(kek.Generate("test"))
	if err != nil {
		t.Fatal(err)
	}
	keys := crypto.New(database, ring)
	if err := keys.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return keys
}
