package crypto

import (
	"sync"
	"time"
)

// How long a data key is kept in memory, which is how long another process may go on with one that was shredded, and how many.
const (
	cacheTime = time.Minute
	cacheSize = 10_000
)

// cache keeps the data keys that were used last, each under its id and under its subject.
type cache struct {
	now func() time.Time

	mu   sync.Mutex
	keys map[any]dataKey
}

func newCache() *cache {
	return &cache{now: time.Now, keys: make(map[any]dataKey)}
}

func (c *cache) put(k dataKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, other := range c.keys {
		if len(c.keys) < 2*cacheSize {
			break
		}
		c.drop(other) // whichever the map gives first: choosing well would cost more than a query now and then
	}
	k.until = c.now().Add(cacheTime)
	c.keys[k.id], c.keys[k.subject] = k, k
}

// get returns the data key of an id.UUID or a Subject.
func (c *cache) get(name any) (dataKey, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.keys[name]
	if ok && !c.now().Before(found.until) {
		c.drop(found)
		return dataKey{}, false
	}
	return found, ok
}

func (c *cache) forget(s Subject) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(c.keys[s])
}

func (c *cache) drop(k dataKey) {
	delete(c.keys, k.id)
	delete(c.keys, k.subject)
}
