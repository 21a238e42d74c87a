package cache

import "time"

// Patient makes the store wait for Redis and for other processes as long as a busy machine needs.
func (s *Store) Patient() *Store {
	s.redis.Timeout, s.waits = time.Minute, 1<<20
	return s
}

// Hasty makes the store wait for no other process.
func (s *Store) Hasty() *Store {
	s.waits = 0
	return s
}

// At makes it later for the store than it is.
func (s *Store) At(later time.Duration) {
	s.now = func() time.Time { return time.Now().Add(later) }
}
