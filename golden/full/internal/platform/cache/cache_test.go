package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
)

var errNone = errors.New("there is none")

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func open(client *redis.Client) *cache.Store { return cache.Open(client, quiet()).Patient() }

// gives returns a load of one value, and how often it ran.
func gives[T any](value T, err error) (func(context.Context) (T, error), *int) {
	loads := new(int)
	return func(context.Context) (T, error) { *loads++; return value, err }, loads
}

func TestTheSecondReaderDoesNotLoad(t *testing.T) {
	store := open(redistest.New(t, 6))
	c := cache.New[[]string](store, cache.Options{Name: "colours"})
	load, loads := gives([]string{"red", "blue"}, nil)
	for range 3 {
		got, err := c.Get(t.Context(), "all", load)
		if diff := cmp.Diff([]string{"red", "blue"}, got); diff != "" || err != nil {
			t.Fatalf("%v, (-want +got):\n%s", err, diff)
		}
		got[0] = "changed by who received it"
	}
	if *loads != 1 {
		t.Errorf("%d loads, want 1", *loads)
	}
	want := cache.Stats{Name: "colours", Hits: 2, Misses: 1, Loads: 1, HitRatio: 2.0 / 3}
	if diff := cmp.Diff([]cache.Stats{want}, store.Stats()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w := httptest.NewRecorder()
	store.ServeHTTP(w, httptest.NewRequest("GET", "/caches", nil))
	var answered []cache.Stats
	if err := json.Unmarshal(w.Body.Bytes(), &answered); err != nil || len(answered) != 1 || answered[0] != want {
		t.Errorf("%v %s", err, w.Body)
	}
}

func TestTheSameIDInTwoTenantsIsTwoValues(t *testing.T) {
	client := redistest.New(t, 6)
	c := cache.New[string](open(client), cache.Options{Name: "names"})
	read := func(ctx context.Context) (string, error) {
		return c.Get(ctx, "same", func(ctx context.Context) (string, error) { return authz.From(ctx).Tenant.String(), nil })
	}
	one, two := authz.With(t.Context(), authz.System(id.New())), authz.With(t.Context(), authz.System(id.New()))
	for _, ctx := range []context.Context{one, two, t.Context(), one, two, t.Context()} {
		if got, err := read(ctx); got != authz.From(ctx).Tenant.String() || err != nil {
			t.Errorf("tenant %s was given the value of %s, %v", authz.From(ctx).Tenant, got, err)
		}
	}
	if err := c.Forget(one, "same"); err != nil {
		t.Fatal(err)
	}
	keys := client.Keys(t.Context(), "*").Val()
	if len(keys) != 2 || slices.ContainsFunc(keys, func(k string) bool { return strings.Contains(k, authz.From(one).Tenant.String()) }) {
		t.Errorf("what one tenant forgot left %v", keys)
	}
}

func TestAnotherVersionReadsNothingOfTheFirst(t *testing.T) {
	store := open(redistest.New(t, 6))
	first, _ := gives("as text", nil)
	second, loads := gives(2, nil)
	_, _ = cache.New[string](store, cache.Options{Name: "a", Version: 1}).Get(t.Context(), "x", first)
	if got, err := cache.New[int](store, cache.Options{Name: "a", Version: 2}).Get(t.Context(), "x", second); got != 2 || err != nil || *loads != 1 {
		t.Errorf("got %d, %v after %d loads", got, err, *loads)
	}
	// Who changes the type and forgets the version loads anew, once.
	for range 2 {
		if got, err := cache.New[int](store, cache.Options{Name: "a", Version: 1}).Get(t.Context(), "x", second); got != 2 || err != nil || *loads != 2 {
			t.Errorf("got %d, %v after %d loads", got, err, *loads)
		}
	}
}

func TestThatThereIsNoneIsRememberedAndOtherErrorsAreNot(t *testing.T) {
	store := open(redistest.New(t, 6))
	c := cache.New[int](store, cache.Options{Name: "a", Missing: errNone})
	none, nones := gives(0, errNone)
	broken, breaks := gives(0, errors.New("broken"))
	for range 3 {
		if _, err := c.Get(t.Context(), "none", none); !errors.Is(err, errNone) {
			t.Errorf("none: %v", err)
		}
		if _, err := c.Get(t.Context(), "broken", broken); err == nil {
			t.Error("broken: no error")
		}
	}
	if *nones != 1 || *breaks != 3 {
		t.Errorf("%d and %d loads, want 1 and 3", *nones, *breaks)
	}
	if _, err := c.Get(t.Context(), "panics", func(context.Context) (int, error) { panic("at the disco") }); err == nil {
		t.Error("a load that panics is no error")
	}
}

func TestAValueThatIsTooLargeIsReturnedAndNotKept(t *testing.T) {
	client := redistest.New(t, 6)
	c := cache.New[string](open(client), cache.Options{Name: "a", MaxBytes: 10})
	for value, kept := range map[string]int64{"12345678": 1, "123456789": 0} {
		load, _ := gives(value, nil)
		if got, err := c.Get(t.Context(), value, load); got != value || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
		if got := client.Exists(t.Context(), "cache:a:0:"+id.UUID{}.String()+":"+value).Val(); got != kept {
			t.Errorf("%s: %d keys, want %d", value, got, kept)
		}
	}
}

func TestValuesEndAtDifferentTimesAndNoneLaterThanItsTTL(t *testing.T) {
	client := redistest.New(t, 6)
	c := cache.New[string](open(client), cache.Options{Name: "a", TTL: time.Hour})
	load, _ := gives("x", nil)
	ends := map[time.Duration]bool{}
	for _, name := range strings.Split("abcdefghij", "") {
		_, _ = c.Get(t.Context(), name, load)
		ttl := client.PTTL(t.Context(), "cache:a:0:"+id.UUID{}.String()+":"+name).Val()
		if ttl > time.Hour || ttl < 50*time.Minute {
			t.Errorf("it ends in %s", ttl)
		}
		ends[ttl.Round(time.Second)] = true
	}
	if len(ends) < 3 {
		t.Errorf("ten values end at %d times", len(ends))
	}
}

func TestAValueIsLoadedAnewBeforeItEnds(t *testing.T) {
	store := open(redistest.New(t, 6))
	c := cache.New[string](store, cache.Options{Name: "a", TTL: time.Hour})
	load, loads := gives("x", nil)
	read := func() {
		t.Helper()
		if _, err := c.Get(t.Context(), "x", load); err != nil {
			t.Fatal(err)
		}
	}
	read()
	read()
	store.At(2 * time.Hour) // Redis keeps it still
	broken, _ := gives("", errors.New("broken"))
	if got, err := c.Get(t.Context(), "x", broken); got != "x" || err != nil {
		t.Errorf("while the load is broken: %q, %v", got, err)
	}
	if *loads != 1 {
		t.Fatalf("%d loads before it was to end", *loads)
	}
	read()
	read()
	if *loads != 2 {
		t.Errorf("%d loads, want one more", *loads)
	}
}

func TestFiveHundredMissesInTwoProcessesAreOneLoad(t *testing.T) {
	client := redistest.New(t, 6)
	stores := []*cache.Store{open(client), open(client)}
	var caches []*cache.Cache[int]
	for _, s := range stores {
		caches = append(caches, cache.New[int](s, cache.Options{Name: "a", LoadTimeout: time.Minute}))
	}
	loads := make(chan int, 500)
	load := func(context.Context) (int, error) {
		loads <- 1
		for stores[0].Stats()[0].Misses+stores[1].Stats()[0].Misses < 250 {
			runtime.Gosched() // until all readers of this process wait for us
		}
		return 7, nil
	}
	var group sync.WaitGroup
	for i := range 500 {
		group.Go(func() {
			if got, err := caches[i%2].Get(t.Context(), "x", load); got != 7 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
	group.Wait()
	if len(loads) != 1 {
		t.Errorf("%d loads, want 1", len(loads))
	}
}

func TestALeaseOfADeadProcessIsTakenOver(t *testing.T) {
	client := redistest.New(t, 6)
	key := "cache:a:0:" + id.UUID{}.String() + ":x"
	client.Set(t.Context(), key, "l"+strings.Repeat("A", 26), time.Hour)
	store := open(client).Hasty()
	load, loads := gives(7, nil)
	c := cache.New[int](store, cache.Options{Name: "a"})
	for range 2 {
		if got, err := c.Get(t.Context(), "x", load); got != 7 || err != nil || *loads != 1 {
			t.Errorf("got %d, %v after %d loads", got, err, *loads)
		}
	}
}
