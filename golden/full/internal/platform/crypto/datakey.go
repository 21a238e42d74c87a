package crypto

import (
	"crypto/cipher"
	"time"

	"example.com/myapp/internal/platform/crypto/kek"
	"example.com/myapp/internal/platform/id"
)

// A sealed value is a header of version and id of the data key, then what cipher.NewGCMWithRandomNonce makes: a nonce of 96
// random bits, the ciphertext and the tag. The header and the place are bound to it. By NIST SP 800-38D, 8.3, a key with random
// nonces may seal 2^32 values, which a person or a tenant does not reach.
const (
	version    = 1
	headerSize = 1 + len(id.UUID{})
	keySize    = 32
)

// dataKey is the key of one subject, unwrapped. It holds closures, and not bytes, for the reason that secret.String does:
// printers read unexported fields.
type dataKey struct {
	id      id.UUID
	subject Subject
	raw     func() []byte
	aead    func() cipher.AEAD
	until   time.Time // that the cache keeps it
}

func newDataKey(keyID id.UUID, s Subject, raw []byte) (dataKey, error) {
	aead, err := kek.AEAD(raw)
	return dataKey{id: keyID, subject: s, raw: func() []byte { return raw }, aead: aead}, err
}

func (k dataKey) seal(p Place, plaintext []byte) []byte {
	header := append([]byte{version}, k.id[:]...)
	return k.aead().Seal(header, nil, plaintext, p.bind(header[:headerSize:headerSize])) //nolint:gosec // the AEAD makes the nonce
}

func (k dataKey) open(p Place, sealed []byte) ([]byte, error) {
	plaintext, err := k.aead().Open(nil, nil, sealed[headerSize:], p.bind(sealed[:headerSize:headerSize]))
	if err != nil {
		return nil, ErrRefused
	}
	return plaintext, nil
}

// keyOf reads the id of the data key from the header.
func keyOf(sealed []byte) (id.UUID, error) {
	if len(sealed) < headerSize || sealed[0] != version {
		return id.UUID{}, ErrRefused
	}
	return id.UUID(sealed[1:headerSize]), nil
}

// bound is what a wrapped data key is bound to, so that it does not open in another row of the table.
func bound(keyID id.UUID, s Subject) []byte {
	return Place{Column: "crypto.keys.wrapped", Row: keyID.String() + " " + s.kind, Tenant: s.id}.bind(nil)
}
