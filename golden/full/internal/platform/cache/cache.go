package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"example.com/myapp/internal/platform/authz"
)

// Options say what a Cache holds, and for how long.
type Options struct {
	// Name is that of the cache in keys and counters, unique in the program: "billing.invoice".
	Name string

	// Version is raised when a value is written in another way. Old and new programs then do not read each other's.
	Version int

	// TTL is how long a value is kept at most; a tenth of it is left to chance, so that what was stored together does not end
	// together. Zero means a minute.
	TTL time.Duration

	// Missing is the error by which a load says that there is no such thing. That is remembered, too, for MissingTTL, and
	// answered by this error. Nil: no error is remembered.
	Missing error

	// MissingTTL is how long. Zero means a tenth of TTL.
	MissingTTL time.Duration

	// MaxBytes is the size of the largest value, as JSON, that is stored. A larger one is returned and not kept. Zero means 64 KiB.
	MaxBytes int

	// LoadTimeout bounds a load. Zero means five seconds.
	LoadTimeout time.Duration
}

// Cache remembers values of T, which it stores as JSON. It is safe for concurrent use.
type Cache[T any] struct {
	Options
	store *Store
	counters

	// forgotten is how often Forget was called here.
	forgotten atomic.Int64

	mu      sync.Mutex
	flights map[string]*flight // by the token in whose place the value will stand, or what alone returns
}

// New returns a cache in the store.
func New[T any](s *Store, o Options) *Cache[T] {
	if o.TTL <= 0 {
		o.TTL = time.Minute
	}
	if o.MissingTTL <= 0 {
		o.MissingTTL = o.TTL / 10
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 64 << 10
	}
	if o.LoadTimeout <= 0 {
		o.LoadTimeout = 5 * time.Second
	}
	c := &Cache[T]{Options: o, store: s, flights: map[string]*flight{}}
	s.add(c)
	return c
}

// Get returns what is remembered of id in the tenant of ctx, or what load returns. Load is given a context with the same principal
// that is in no transaction and does not end with ctx, since others may wait for the same load: what is stored was committed.
// Its error is returned and, but for Missing, not remembered.
func (c *Cache[T]) Get(ctx context.Context, id string, load func(context.Context) (T, error)) (T, error) {
	key := c.key(ctx, id)
	found, mine, err := c.store.look(ctx, key)
	for waited := 0; err == nil && found.kind == lease; waited++ {
		if f := c.flight(found.token, mine, c.filler(ctx, key, found.token, load)); f != nil {
			c.misses.Add(1)
			return c.wait(ctx, f)
		}
		// Another process loads, and it may have been killed.
		if waited < c.store.waits {
			err = c.store.pause(ctx)
		}
		if err == nil {
			found, mine, err = c.store.lookAgain(ctx, key, found, waited >= c.store.waits)
		}
	}
	if err != nil {
		f := c.flight(c.alone(key), true, c.filler(ctx, key, "", load))
		c.misses.Add(1)
		if ctx.Err() == nil {
			c.errors.Add(1)
		}
		return c.wait(ctx, f)
	}
	value, err := c.open(found)
	unreadable := err != nil && !errors.Is(err, c.Missing)
	if unreadable || found.ends(c.store.now()) {
		f := c.flight(found.token, true, c.filler(ctx, key, found.token, load))
		if fresh, err := c.wait(ctx, f); unreadable || err == nil || errors.Is(err, c.Missing) {
			c.misses.Add(1)
			return fresh, err
		}
	}
	c.hits.Add(1)
	return value, err
}

// Forget ends what is remembered of id in the tenant of ctx: a Get that begins after it returned nil sees what was committed before
// it was called, in every process. It does not end with ctx. Its error is logged and counted as well.
func (c *Cache[T]) Forget(ctx context.Context, id string) error {
	c.forgotten.Add(1)
	if err := c.store.forget(context.WithoutCancel(ctx), c.key(ctx, id)); err != nil {
		c.errors.Add(1)
		return fmt.Errorf("forget in cache %s: %w", c.Name, err)
	}
	return nil
}

// key ends with what the caller chose, and the tenant has one length: no two can be the same.
func (c *Cache[T]) key(ctx context.Context, id string) string {
	return "cache:" + c.Name + ":" + strconv.Itoa(c.Version) + ":" + authz.From(ctx).Tenant.String() + ":" + id
}

// alone names the load for the readers of this process, while Redis cannot be asked. Who reads after a change that was told here
// does not wait for a load that began before it.
func (c *Cache[T]) alone(key string) string {
	return strconv.FormatInt(c.forgotten.Load(), 10) + " " + key
}

// filler returns what loads a value and puts it where token is; without a token it is not stored.
func (c *Cache[T]) filler(ctx context.Context, key, token string, load func(context.Context) (T, error)) func() (entry, error) {
	return func() (entry, error) {
		apart := authz.With(context.Background(), authz.From(ctx))
		within, cancel := context.WithTimeout(apart, c.LoadTimeout)
		defer cancel()
		began := c.store.now()
		value, err := load(within)
		e, err := c.seal(value, err, began)
		if token == "" {
			return e, err
		}
		c.loads.Add(1)
		put := e
		if err != nil || len(e.body) > c.MaxBytes {
			put = entry{} // nothing: the next reader may try at once
		}
		stored, failed := c.store.swap(apart, key, token, put)
		switch {
		case failed != nil:
			c.errors.Add(1)
		case !stored:
			c.refused.Add(1)
		}
		return e, err
	}
}

// seal returns the entry for what a load that began then has returned.
func (c *Cache[T]) seal(v T, err error, began time.Time) (entry, error) {
	e := entry{kind: present, cost: c.store.now().Sub(began)}
	ttl := c.TTL
	if err != nil && c.Missing != nil && errors.Is(err, c.Missing) {
		e.kind, ttl = missing, c.MissingTTL
	} else if err != nil {
		return entry{}, err
	} else if e.body, err = json.Marshal(v); err != nil {
		return entry{}, fmt.Errorf("store in cache %s: %w", c.Name, err)
	}
	e.expires = c.store.now().Add(ttl - rand.N(ttl/10+1))
	return e, nil
}

// open returns what is in an entry, each time anew: no two callers share what they may change.
func (c *Cache[T]) open(e entry) (value T, err error) {
	if e.kind == missing && c.Missing != nil {
		return value, c.Missing
	}
	if err := json.Unmarshal(e.body, &value); err != nil {
		return value, fmt.Errorf("read from cache %s: %w", c.Name, err)
	}
	return value, nil
}
