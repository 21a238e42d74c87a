// Package password hashes passwords and says which of them may be chosen.
//
// A hash is argon2id with 19 MiB, two passes and one lane, the least that the OWASP Password Storage Cheat Sheet names. The
// parameters stand in the hash, so that they can be raised: who signs in with an older one is given a new one. As each hash takes
// its memory, a Hasher makes so many at once and no more, and lets the others wait.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"example.com/myapp/internal/platform/secret"
)

// ErrBusy says that as many passwords are being hashed as may be, and have been for as long as one waits.
var ErrBusy = errors.New("too many people sign in at this moment; try again")

// errFormat is for a stored hash that no Hasher made.
var errFormat = errors.New("not a hash of a password")

// patience is how long a caller waits for its turn, if its context lives longer.
const patience = 5 * time.Second

// cost is what one hash takes.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

const (
	saltLen = 16
	sumLen  = 32
)

// Hasher hashes and compares. It is safe for concurrent use.
type Hasher struct {
	cost  cost
	turns chan struct{} // holds one for each hash in the making
	decoy string        // what is compared where there is no user
	made  atomic.Int64
}

// New returns a Hasher that makes at most atOnce hashes at the same time, which need 19 MiB each.
func New(atOnce int) *Hasher {
	h := &Hasher{cost: cost{memory: 19 * 1024, passes: 2, lanes: 1}, turns: make(chan struct{}, atOnce)}
	h.decoy = encode(h.cost, random(saltLen), random(sumLen))
	return h
}

// Hash returns what to store of a password. Its error is ErrBusy, or that of ctx.
func (h *Hasher) Hash(ctx context.Context, plain secret.String) (string, error) {
	salt := random(saltLen)
	sum, err := h.sum(ctx, plain, h.cost, salt)
	if err != nil {
		return "", err
	}
	return encode(h.cost, salt, sum), nil
}

// Compare says whether stored was made of plain, and whether it is stale: made with other parameters than those of today, and to
// be made anew. Nothing stored, as for a user who is not there, matches no password, and takes the same work to find out.
func (h *Hasher) Compare(ctx context.Context, plain secret.String, stored string) (match, stale bool, err error) {
	known := stored != ""
	if !known {
		stored = h.decoy
	}
	made, salt, want, err := decode(stored)
	if err != nil {
		return false, false, err
	}
	sum, err := h.sum(ctx, plain, made, salt)
	if err != nil {
		return false, false, err
	}
	match = subtle.ConstantTimeCompare(sum, want) == 1 && known
	return match, match && made != h.cost, nil
}

// Made is how many hashes were made, for tests that count work.
func (h *Hasher) Made() int64 {
	return h.made.Load()
}

// sum waits for its turn and does the work.
func (h *Hasher) sum(ctx context.Context, plain secret.String, c cost, salt []byte) ([]byte, error) {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-wait.Done():
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, ctx.Err()
		}
		return nil, ErrBusy
	}
	h.made.Add(1)
	return argon2.IDKey([]byte(normal(plain)), salt, c.passes, c.memory, c.lanes, sumLen), nil
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// form is that of the reference implementation of argon2.
const form = "$argon2id$v=%d$m=%d,t=%d,p=%d$"

func encode(c cost, salt, sum []byte) string {
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf(form, argon2.Version, c.memory, c.passes, c.lanes) + text(salt) + "$" + text(sum)
}

func decode(stored string) (c cost, salt, sum []byte, err error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 {
		return cost{}, nil, nil, errFormat
	}
	var version int
	_, err = fmt.Sscanf(stored, form, &version, &c.memory, &c.passes, &c.lanes)
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	sum, sumErr := base64.RawStdEncoding.DecodeString(parts[5])
	if errors.Join(err, saltErr, sumErr) != nil || version != argon2.Version || c.passes == 0 || c.lanes == 0 || len(sum) != sumLen {
		return cost{}, nil, nil, errFormat
	}
	return c, salt, sum, nil
}
