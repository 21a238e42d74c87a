package kek

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"example.com/myapp/internal/platform/secret"
)

// Development is what the ids of keys that are no secrets begin with: those that make dev and compose.yaml use.
const Development = "dev"

const keySize = 32

var ids = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

// Ring is a Provider of keys that are in memory.
type Ring struct {
	current string
	keys    map[string]func() cipher.AEAD
}

// Parse reads id:base64,id:base64 and so on, the current key first. Its errors hold nothing of the text.
func Parse(text secret.String) (Ring, error) {
	ring := Ring{keys: make(map[string]func() cipher.AEAD)}
	for i, entry := range strings.Split(text.Reveal(), ",") {
		id, encoded, _ := strings.Cut(strings.TrimSpace(entry), ":")
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if !ids.MatchString(id) || err != nil || len(raw) != keySize {
			return Ring{}, fmt.Errorf("key %d is not of the form id:base64 with %d bytes", i+1, keySize)
		}
		switch {
		case ring.keys[id] != nil:
			return Ring{}, fmt.Errorf("key %d has the id of another", i+1)
		case typed(raw):
			return Ring{}, fmt.Errorf("key %d is not random", i+1)
		}
		if ring.keys[id], err = AEAD(raw); err != nil {
			return Ring{}, err
		}
		if i == 0 {
			ring.current = id
		}
	}
	return ring, nil
}

// AEAD returns AES-256-GCM by a key, with random nonces. It stands in a closure: printers read unexported fields.
func AEAD(key []byte) (func() cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return func() cipher.AEAD { return aead }, err
}

// typed says whether a key was made up and not drawn: all of it is text, or few bytes recur. Of random keys this is true for
// less than one in 10^13.
func typed(raw []byte) bool {
	distinct, text := make(map[byte]bool), true
	for _, b := range raw {
		distinct[b] = true
		text = text && b >= ' ' && b <= '~'
	}
	return text || len(distinct) < keySize/2
}

// Generate returns a new key in the form that Parse reads.
func Generate(id string) secret.String {
	raw := make([]byte, keySize)
	rand.Read(raw)
	return secret.New(id + ":" + base64.StdEncoding.EncodeToString(raw))
}

// ForDevelopment says whether any of the keys is one that is no secret.
func (r Ring) ForDevelopment() bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(r.keys)), func(id string) bool { return strings.HasPrefix(id, Development) })
}

// Current implements Provider.
func (r Ring) Current() string { return r.current }

// Wrap implements Provider.
func (r Ring) Wrap(_ context.Context, dataKey, bound []byte) (string, []byte, error) {
	return r.current, r.keys[r.current]().Seal(nil, nil, dataKey, bound), nil //nolint:gosec // the AEAD makes the nonce
}

// Unwrap implements Provider.
func (r Ring) Unwrap(_ context.Context, id string, wrapped, bound []byte) ([]byte, error) {
	key, ok := r.keys[id]
	if !ok {
		return nil, fmt.Errorf("unwrap data key with %q: %w", id, ErrUnknown)
	}
	dataKey, err := key().Open(nil, nil, wrapped, bound)
	if err != nil {
		return nil, fmt.Errorf("unwrap data key with %q: it is another key of that id, or the row was changed", id)
	}
	return dataKey, nil
}
