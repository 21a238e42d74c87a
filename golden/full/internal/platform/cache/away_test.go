package cache_test

import (
	"context"
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
