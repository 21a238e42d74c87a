package cache_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/redis/redistest"
)

func TestReadsGoOnWhileRedisIsAwayAndAreRememberedWhenItIsBack(t *testing.T) {
	wire := redistest.NewWire(t, 6)
	client := wire.Open()
	client.FlushDB(t.Context())
	store := open(client)
	c := cache.New[int](store, cache.Options{Name: "a"})

	truth, loads := 0, 0
	read := func() int {
		t.Helper()
		got, err := c.Get(t.Context(), "x", func(context.Context) (int, error) { loads++; return truth, nil })
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	read()
	read()
	if loads != 1 {
		t.Fatalf("%d loads before Redis was stopped", loads)
	}

	wire.Cut()
	truth = 1
	for range 3 {
		if got := read(); got != 1 {
			t.Errorf("read %d while Redis is away", got)
		}
	}
	if err := c.Forget(t.Context(), "x"); err == nil {
		t.Error("Forget succeeded while Redis is away")
	}
	if loads != 4 || store.Stats()[0].Errors < 3 {
		t.Errorf("%d loads, %+v", loads, store.Stats())
	}

	wire.Mend()
	if err := c.Forget(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	for range 500 { // it is asked again within a second
		before := loads
		if read(); loads == before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("nothing is remembered after Redis is back")
}

func TestManyMissesWhileRedisIsAwayAreOneLoad(t *testing.T) {
	wire := redistest.NewWire(t, 6)
	store := open(wire.Open())
	c := cache.New[int](store, cache.Options{Name: "a", LoadTimeout: time.Minute})
	wire.Cut()
	const readers = 200
	loads := make(chan int, readers)
	load := func(context.Context) (int, error) {
		loads <- 1
		for store.Stats()[0].Misses < readers {
			runtime.Gosched() // until all of them wait for us
		}
		return 7, nil
	}
	var group sync.WaitGroup
	for range readers {
		group.Go(func() {
			if got, err := c.Get(t.Context(), "x", load); got != 7 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
	group.Wait()
	if len(loads) != 1 {
		t.Errorf("%d loads, want 1", len(loads))
	}
}

func TestWhoReadsAfterAChangeDoesNotWaitForALoadOfBeforeItWhileRedisIsAway(t *testing.T) {
	wire := redistest.NewWire(t, 6)
	c := cache.New[int](open(wire.Open()), cache.Options{Name: "a", LoadTimeout: time.Minute})
	wire.Cut()
	began, goOn, ended := make(chan int), make(chan int), make(chan int)
	go func() {
		defer close(ended)
		_, _ = c.Get(t.Context(), "x", func(context.Context) (int, error) { close(began); <-goOn; return 1, nil })
	}()
	<-began
	_ = c.Forget(t.Context(), "x") // which Redis does not hear
	if got, err := c.Get(t.Context(), "x", func(context.Context) (int, error) { return 2, nil }); got != 2 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
	close(goOn)
	<-ended
}
