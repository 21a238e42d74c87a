package crypto

import (
	"testing"
	"time"

	"example.com/myapp/internal/platform/id"
)

func TestAKeyIsForgottenAfterAMinute(t *testing.T) {
	c, clock := newCache(), time.Now()
	c.now = func() time.Time { return clock }
	k := dataKey{id: id.New(), subject: Person(id.New())}
	c.put(k)
	clock = clock.Add(cacheTime - 1)
	if _, ok := c.of(k.subject); !ok || !c.has(k.id) {
		t.Error("forgotten too early")
	}
	clock = clock.Add(1)
	if _, ok := c.of(k.subject); ok || c.has(k.id) || len(c.byID)+len(c.bySubject) > 0 {
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
	if len(c.byID) != cacheSize || len(c.bySubject) != cacheSize || !c.has(last.id) {
		t.Errorf("holds %d keys of %d subjects, the last one: %v", len(c.byID), len(c.bySubject), c.has(last.id))
	}
}
