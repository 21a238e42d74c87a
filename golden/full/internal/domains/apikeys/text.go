package apikeys

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/secret"
)

// The text of a key is sk_live_ or sk_test_, the digits of its id, _, 32 random bytes and the CRC-32 of all before it, both in
// base 32. The checksum is no protection: by it, a scanner tells a key from what looks like one, and a text that was cut off is
// refused without a query.
const (
	livePrefix = "sk_live_"
	testPrefix = "sk_test_"
	secretLen  = 32
)

var base = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func prefix(live bool) string {
	if live {
		return livePrefix
	}
	return testPrefix
}

func newText(live bool, key KeyID) secret.String {
	random := make([]byte, secretLen)
	rand.Read(random)
	text := prefix(live) + strings.TrimPrefix(key.String(), "key_") + "_" + base.EncodeToString(random)
	return secret.New(text + checksum(text))
}

func checksum(text string) string {
	return base.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text))))
}

// parse returns the id in a text that newText could have made.
func parse(live bool, text string) (KeyID, bool) {
	rest, ok := strings.CutPrefix(text, prefix(live))
	digits, random, _ := strings.Cut(rest, "_")
	at := base.EncodedLen(secretLen)
	if !ok || len(random) != at+base.EncodedLen(crc32.Size) {
		return KeyID{}, false
	}
	sum := len(text) - base.EncodedLen(crc32.Size)
	key, err := id.Parse[keyKind]("key_" + digits)
	return key, err == nil && checksum(text[:sum]) == text[sum:]
}

// hash is what is stored of a key. It is an HMAC and no plain hash, so that who can write to the database cannot make a key.
func (s *Service) hash(text string) ([]byte, error) {
	pepper, err := s.loadPepper()
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, pepper)
	mac.Write([]byte(text))
	return mac.Sum(nil), nil
}

// loadPepper derives the key of the HMAC from that of the blind indexes, which lies in the database encrypted and stays the same
// when CRYPTO_KEYS are rotated. A process does it once, and in no transaction of a request: that may yet be rolled back.
func (s *Service) loadPepper() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pepper != nil {
		return s.pepper, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		s.pepper, err = s.Keys.BlindIndex(ctx, tx, crypto.Place{Column: "apikeys.keys.hash"}, []byte("pepper"))
		return err
	})
	return s.pepper, err
}
