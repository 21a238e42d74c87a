package crypto

import (
	"sync"
	"time"

	"example.com/myapp/internal/platform/id"
)

// How long a data key is kept in memory, which is how long another process may go on with one that was shredded, and how many.
const (
	cacheTime = time.Minute
	cacheSize = 10_000
)

// cache keeps the data keys that were used last.
type cache struct {
	now func() time.Time

	mu        sync.Mutex
	byID      map[id.UUID]cached
	bySubject map[Subject]id.UUID
}

type cached struct {
	dataKey

	until time.Time
}

func newCache() *cache {
	return &cache{now: time.Now, byID: make(map[id.UUID]cached), bySubject: make(map[Subject]id.UUID)}
}

func (c *cache) put(k dataKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, other := range c.byID {
		if len(c.byID) < cacheSize {
			break
		}
		c.drop(other.dataKey) // whichever the map gives first: choosing well would cost more than a query now and then
	}
	c.byID[k.id] = cached{k, c.now().Add(cacheTime)}
	c.bySubject[k.subject] = k.id
}

func (c *cache) get(keyID id.UUID) (dataKey, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.byID[keyID]
	if ok && !c.now().Before(found.until) {
		c.drop(found.dataKey)
		return dataKey{}, false
	}
	return found.dataKey, ok
}

func (c *cache) has(keyID id.UUID) bool {
	_, ok := c.get(keyID)
	return ok
}

func (c *cache) of(s Subject) (dataKey, bool) {
	c.mu.Lock()
	keyID, ok := c.bySubject[s]
	c.mu.Unlock()
	if !ok {
		return dataKey{}, false
	}
	return c.get(keyID)
}

func (c *cache) forget(s Subject) {
	if k, ok := c.of(s); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.drop(k)
	}
}

func (c *cache) drop(k dataKey) {
	delete(c.byID, k.id)
	delete(c.bySubject, k.subject)
}
