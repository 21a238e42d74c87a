package cache

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
)

// Stats is what one cache did in this process, since it began.
type Stats struct {
	Name string `json:"name"`

	// Hits were answered from Redis, Misses by a load.
	Hits   int64 `json:"hits"`
	Misses int64 `json:"misses"`

	// Loads is how often a value was loaded to be stored; one load can answer many misses. Refused counts those whose value
	// was not stored, since it was forgotten meanwhile.
	Loads   int64 `json:"loads"`
	Refused int64 `json:"refused"`

	// Errors is how often Redis could not be asked.
	Errors int64 `json:"errors"`

	// HitRatio is Hits of all reads. A cache below a half costs more than it saves.
	HitRatio float64 `json:"hit_ratio"`
}

type counters struct {
	hits, misses, loads, refused, errors atomic.Int64
}

// Stats returns what every cache did, in the order in which they were made.
func (s *Store) Stats() []Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Stats, len(s.caches))
	for i, c := range s.caches {
		all[i] = c.stats()
	}
	return all
}

func (s *Store) add(c interface{ stats() Stats }) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.caches = append(s.caches, c)
}

func (c *Cache[T]) stats() Stats { return c.counters.stats(c.Name) }

func (c *counters) stats(name string) Stats {
	s := Stats{
		Name: name, Hits: c.hits.Load(), Misses: c.misses.Load(),
		Loads: c.loads.Load(), Refused: c.refused.Load(), Errors: c.errors.Load(),
	}
	s.HitRatio = float64(s.Hits) / max(float64(s.Hits+s.Misses), 1)
	return s
}

// ServeHTTP answers with the Stats of every cache, as JSON.
func (s *Store) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s.Stats()) // who asked has gone
}
