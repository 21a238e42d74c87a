// Package throttle bounds how often something is tried for one key, in a memory that does not grow.
//
// It is the generic cell rate algorithm: a key may do Burst things at once, and then one each Every. Keys share a fixed number of
// cells by a hash that nobody outside knows. An attacker with a million keys can so neither fill the memory nor push a key out of
// it; the price is that once in a while a stranger is refused with him. Each process counts for itself: behind n of them, n
// times as many tries pass.
package throttle

import (
	"hash/maphash"
	"sync"
	"time"
)

// cells is how many keys are told apart: half a megabyte.
const cells = 1 << 16

// Limit is how often.
type Limit struct {
	Burst int
	Every time.Duration
}

// Limiter counts. It is safe for concurrent use.
type Limiter struct {
	limit Limit
	seed  maphash.Seed

	mu    sync.Mutex
	until [cells]time.Duration // since start: when the key will have all of its burst again
	start time.Time
}

// New returns a Limiter that has counted nothing.
func New(l Limit) *Limiter {
	return &Limiter{limit: l, seed: maphash.MakeSeed(), start: time.Now()}
}

// Take counts one try of the key and returns 0, or counts nothing and returns after what time to try again.
func (l *Limiter) Take(key string) time.Duration {
	cell := maphash.String(l.seed, key) % cells
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Since(l.start)
	next := max(l.until[cell], now) + l.limit.Every
	if wait := next - now - time.Duration(l.limit.Burst)*l.limit.Every; wait > 0 {
		return wait
	}
	l.until[cell] = next
	return 0
}
