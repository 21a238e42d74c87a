// Package kek holds the keys that encrypt keys.
//
// A data key lies in the database, wrapped: encrypted by a key that is never there. Who has both reads all, so the two are kept
// and backed up apart. A Provider has the keys that wrap; several, since data keys that the last one wrapped must be read until
// they are rotated. Ring is the provider for keys that stand in CRYPTO_KEYS, or in a file that CRYPTO_KEYS_FILE names.
//
// A key management service is another provider: Wrap and Unwrap are its calls to encrypt and decrypt, bound is what it calls
// the encryption context, and an id names a key of it. They are called inside of transactions, once a minute for each data key
// in use, so they need a short timeout.
package kek

import (
	"context"
	"errors"
)

// ErrUnknown says that a data key was wrapped by a key that the provider does not have.
var ErrUnknown = errors.New("no such key among CRYPTO_KEYS")

// Provider wraps and unwraps data keys. It is safe for concurrent use.
type Provider interface {
	// Current is the id of the key that Wrap uses.
	Current() string

	// Wrap encrypts a data key with the current key, whose id it returns too.
	Wrap(ctx context.Context, dataKey, bound []byte) (id string, wrapped []byte, err error)

	// Unwrap decrypts what Wrap returned together with id. It fails unless bound is the same.
	Unwrap(ctx context.Context, id string, wrapped, bound []byte) (dataKey []byte, err error)
}
