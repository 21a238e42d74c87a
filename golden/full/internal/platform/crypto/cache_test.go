package crypto

import (
	"testing"
	"time"

	"example.com/myapp/internal/platform/id"
)

func has(c *cache, name any) bool {
	_, ok := c.get(name)
	return ok
}

func TestAKeyIsForgottenAfterAMinute(t *testing.T) {
	c, clock := newCache(), time.Now()
	c.now = func() time.Time { return clock }
	k := dataKey{id: id.New(), subject: Person(id.New())}
	c.put(k)
	clock = clock.Add(cacheTime - 1)
	if !has(c, k.subject) || !has(c, k.id) {
		t.Error("forgotten too early")
	}
	clock = clock.Add(1)
	if has(c, k.subject) || has(c, k.id) || len(c.keys) > 0 {
		t.Error("it is still there")
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	c := newCache()
	var last dataKey
	for range cacheSize + 100 {
		last = dataKey{id: id.New(), subject: Person(id.New())}
		c.put(last)
	}
	if len(c.keys) != 2*cacheSize || !has(c, last.id) || !has(c, last.subject) {
		t.Errorf("holds %d entries, those of the last key: %v, %v", len(c.keys), has(c, last.id), has(c, last.subject))
	}
}
