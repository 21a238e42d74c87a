package cache

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"example.com/myapp/internal/platform/redis"
)

const (
	// forgetTimeout is longer than that of a reader, since what is not forgotten is wrong.
	forgetTimeout = time.Second

	// leaseTime is how long a load keeps others from loading. One that takes longer cannot store its value.
	leaseTime = 10 * time.Second

	// maxWaits times waitStep is how long a reader waits for the load of another process before it takes the lease over.
	maxWaits = 40
	waitStep = 25 * time.Millisecond
)

// Store is where caches keep their values. It is safe for concurrent use.
type Store struct {
	client *redis.Client
	redis  *redis.Optional // for readers
	log    *slog.Logger

	// now and waits are the clock and maxWaits, except in tests.
	now   func() time.Time
	waits int

	mu     sync.Mutex
	caches []interface{ stats() Stats }
}

// Open returns the store in the Redis of client. It asks nothing of it.
func Open(client *redis.Client, log *slog.Logger) *Store {
	return &Store{client: client, redis: redis.NewOptional(client), log: log, now: time.Now, waits: maxWaits}
}

// swap replaces what has the token, or deletes it if there is nothing to replace it by.
var swap = goredis.NewScript(`
	local now = redis.call('GET', KEYS[1])
	if not now or string.sub(now, 2, 27) ~= ARGV[1] then return 0 end
	if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
	return 1`)

// look returns what is at the key. If that is nothing it puts a lease there, which is then the caller's.
func (s *Store) look(ctx context.Context, key string) (found entry, mine bool, err error) {
	return found, mine, s.redis.Ask(ctx, func(ctx context.Context, c *redis.Client) error {
		found, mine, err = lookIn(ctx, c, key)
		return err
	})
}

func lookIn(ctx context.Context, c *redis.Client, key string) (found entry, mine bool, err error) {
	for range 3 { // what another put there may be gone again
		raw, err := c.Get(ctx, key).Result()
		if err == nil {
			found, err := parse(raw)
			return found, false, err
		}
		if !errors.Is(err, goredis.Nil) {
			return entry{}, false, err
		}
		e := newLease()
		mine, err := c.SetNX(ctx, key, e.String(), leaseTime).Result()
		if mine || err != nil {
			return e, mine, err
		}
	}
	return entry{}, false, errors.New("the cache is changing too fast")
}

// lookAgain is look for one who waited for a lease; with take it becomes the caller's.
func (s *Store) lookAgain(ctx context.Context, key string, seen entry, take bool) (found entry, mine bool, err error) {
	if take {
		e := newLease()
		taken, err := s.put(ctx, key, seen.token, e.String(), leaseTime)
		if taken || err != nil {
			return e, taken, err
		}
	}
	return s.look(ctx, key)
}

// pause waits a little.
func (s *Store) pause(ctx context.Context) error {
	select {
	case <-time.After(waitStep):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// swap puts e where token is, under a token of its own, and says whether it was there. The zero entry is nothing.
func (s *Store) swap(ctx context.Context, key, token string, e entry) (bool, error) {
	if e.kind == 0 {
		return s.put(ctx, key, token, "", 0)
	}
	e.token = newToken()
	return s.put(ctx, key, token, e.String(), max(e.expires.Sub(s.now()), time.Millisecond))
}

func (s *Store) put(ctx context.Context, key, token, raw string, ttl time.Duration) (put bool, err error) {
	return put, s.redis.Ask(ctx, func(ctx context.Context, c *redis.Client) error {
		put, err = swap.Run(ctx, c, []string{key}, token, raw, ttl.Milliseconds()).Bool()
		return err
	})
}

func (s *Store) forget(ctx context.Context, key string) error {
	within, cancel := context.WithTimeout(ctx, forgetTimeout)
	defer cancel()
	err := s.client.Del(within, key).Err()
	if err != nil {
		s.log.WarnContext(ctx, "cache was not told of a change, and may answer the old value until its TTL is over",
			slog.String("key", key), slog.Any("error", err))
	}
	return err
}
