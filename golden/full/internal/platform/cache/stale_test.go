package cache_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
)

// shelf is what the tests below ask of a cache.
type shelf interface {
	Get(ctx context.Context, id string, load func(context.Context) (int64, error)) (int64, error)
	Forget(ctx context.Context, id string) error
}

// unguarded is a cache without leases: what was loaded is stored, whatever happened meanwhile.
type unguarded struct{ client *redis.Client }

func (u unguarded) Get(ctx context.Context, id string, load func(context.Context) (int64, error)) (int64, error) {
	if value, err := u.client.Get(ctx, id).Int64(); err == nil {
		return value, nil
	}
	value, err := load(ctx)
	return value, errors.Join(err, u.client.Set(ctx, id, value, time.Hour).Err())
}

func (u unguarded) Forget(ctx context.Context, id string) error { return u.client.Del(ctx, id).Err() }

// afterASlowLoad returns what is read after a write, where the load of another reader began before that write and ended after it.
func afterASlowLoad(t *testing.T, readers, writers, later shelf) int64 {
	t.Helper()
	var truth atomic.Int64
	began, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = readers.Get(t.Context(), "x", func(context.Context) (int64, error) {
			old := truth.Load()
			close(began)
			<-goOn
			return old, nil
		})
	}()
	<-began
	truth.Store(1)
	if err := writers.Forget(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	<-ended
	got, err := later.Get(t.Context(), "x", func(context.Context) (int64, error) { return truth.Load(), nil })
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestALoadThatBeganBeforeAWriteDoesNotStoreWhatItRead(t *testing.T) {
	client := redistest.New(t, 6)
	store := open(client)
	one := cache.New[int64](store, cache.Options{Name: "a", LoadTimeout: time.Minute})
	two := cache.New[int64](open(client), cache.Options{Name: "a", LoadTimeout: time.Minute})
	if got := afterASlowLoad(t, one, two, one); got != 1 {
		t.Errorf("after the write %d is read", got)
	}
	if got := store.Stats()[0].Refused; got != 1 {
		t.Errorf("%d values were refused, want 1", got)
	}
	without := unguarded{client}
	if got := afterASlowLoad(t, without, without, without); got != 0 {
		t.Error("without leases the old value is not seen: this test proves nothing")
	}
}

func TestAReaderAfterAWriteDoesNotJoinALoadThatBeganBeforeIt(t *testing.T) {
	client := redistest.New(t, 6)
	c := cache.New[int64](open(client), cache.Options{Name: "a", LoadTimeout: time.Minute})
	began, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = c.Get(t.Context(), "x", func(context.Context) (int64, error) { close(began); <-goOn; return 0, nil })
	}()
	<-began
	if err := c.Forget(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Get(t.Context(), "x", func(context.Context) (int64, error) { return 1, nil }); got != 1 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
	close(goOn)
	<-ended
	if got, err := c.Get(t.Context(), "x", func(context.Context) (int64, error) { return 2, nil }); got != 1 || err != nil {
		t.Errorf("the load that ended late left %d, %v", got, err)
	}
}

// Each write is larger than those before it, so that a value is old if it is smaller than one that was told before the read began.
func TestReadersNeverSeeAValueThatAWriteHasEnded(t *testing.T) {
	client := redistest.New(t, 6)
	var shelves []shelf
	for range 2 {
		shelves = append(shelves, cache.New[int64](open(client), cache.Options{Name: "a", LoadTimeout: time.Minute}))
	}
	const ids, steps = 3, 150
	var truth, told [ids]atomic.Int64
	var writing [ids]sync.Mutex
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			for range steps {
				i, c := random.IntN(ids), shelves[random.IntN(len(shelves))]
				if random.IntN(4) == 0 {
					writing[i].Lock()
					now := truth[i].Add(1)
					if err := c.Forget(t.Context(), strconv.Itoa(i)); err != nil {
						t.Error(err)
					}
					told[i].Store(now)
					writing[i].Unlock()
					continue
				}
				least := told[i].Load()
				got, err := c.Get(t.Context(), strconv.Itoa(i), func(ctx context.Context) (int64, error) {
					read := truth[i].Load()
					return read, client.Ping(ctx).Err() // lets others pass between reading and storing
				})
				if err != nil || got < least {
					t.Errorf("read %d, %v after %d was told", got, err, least)
				}
			}
		})
	}
	group.Wait()
}
