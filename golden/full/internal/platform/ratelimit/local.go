package ratelimit

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

// cells is how many ids of one rule are told apart: half a megabyte.
//
// Ids share the cells by a hash that nobody outside knows. An attacker with a million ids can so neither fill the memory nor push
// an id out of it; the price is that once in a while a stranger is refused with him.
const cells = 1 << 16

// local counts in the memory of the process.
type local struct {
	seed  maphash.Seed
	start time.Time

	mu sync.Mutex
	// until is by the name of the rule: when, since start, each cell has its whole burst again.
	until map[string]*[cells]int64
}

func newLocal() *local {
	return &local{seed: maphash.MakeSeed(), start: time.Now(), until: map[string]*[cells]int64{}}
}

func (l *local) take(_ context.Context, uses []Use) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at(time.Since(l.start).Microseconds(), uses)
}

// look says what take would, and counts nothing.
func (l *local) look(u Use) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Since(l.start).Microseconds()
	return judge(now, []int64{max(*l.cell(u), now) + u.cost()}, []Use{u})
}

func (l *local) at(now int64, uses []Use) verdict {
	next := make([]int64, 0, len(uses))
	for _, u := range uses {
		next = append(next, max(*l.cell(u), now)+u.cost())
	}
	v := judge(now, next, uses)
	if v.wait == 0 {
		for i, u := range uses {
			*l.cell(u) = next[i]
		}
	}
	return v
}

func (l *local) cell(u Use) *int64 {
	table := l.until[u.Rule.Name]
	if table == nil {
		table = new([cells]int64)
		l.until[u.Rule.Name] = table
	}
	return &table[maphash.String(l.seed, u.ID)%cells]
}
