package ratelimit_test

import (
	"errors"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/ratelimit"
)

var guesses = ratelimit.Rule{Name: "guesses", Burst: 3, Every: time.Minute}

// tries returns after how many seconds each of some uses may be tried again; 0 were let through.
func tries(t *testing.T, l *ratelimit.Limiter, uses ...ratelimit.Use) (waits []int) {
	t.Helper()
	for _, u := range uses {
		waits = append(waits, wait(t, l.Take(t.Context(), u)))
	}
	return waits
}

func wait(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	problem, ok := errors.AsType[*httpx.Problem](err)
	headers, more := errors.AsType[huma.HeadersError](err)
	if !ok || !more || problem.Status != http.StatusTooManyRequests || problem.Code != "rate_limited" {
		t.Fatalf("refused by %v", err)
	}
	seconds, err := strconv.Atoi(headers.GetHeaders().Get("Retry-After"))
	if err != nil {
		t.Error(err)
	}
	return seconds
}

func TestAnIDMayBurstAndThenGoOnSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.New(ratelimit.Options{})
		ann, ben := guesses.For("ann"), guesses.For("ben")
		got := [][]int{tries(t, l, ann, ann, ann, ann, ben)}
		time.Sleep(time.Minute)
		got = append(got, tries(t, l, ann, ann))
		time.Sleep(90 * time.Second)
		got = append(got, tries(t, l, ann, ann))
		time.Sleep(time.Hour)
		got = append(got, tries(t, l, ann, ann, ann, ann))
		want := [][]int{
			{0, 0, 0, 60, 0}, {0, 60}, {0, 30}, {0, 0, 0, 60},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seconds to wait (-want +got):\n%s", diff)
		}
	})
}

func TestACostTakesAsMuchOfTheBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.New(ratelimit.Options{})
		costs := func(n int) ratelimit.Use { return ratelimit.Use{Rule: guesses, ID: "ann", Cost: n} }
		got := tries(t, l, costs(2), costs(2), costs(1), costs(3), costs(1000), costs(0))
		if diff := cmp.Diff([]int{0, 60, 0, 180, 180, 0}, got); diff != "" {
			t.Errorf("seconds to wait (-want +got):\n%s", diff)
		}
	})
}

func TestWhatOneRefusesCountsForNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.New(ratelimit.Options{})
		house := ratelimit.Rule{Name: "house", Burst: 4, Every: time.Hour}
		for range 3 {
			tries(t, l, guesses.For("ann"))
		}
		for range 10 {
			if got := wait(t, l.Take(t.Context(), house.For("street 1"), guesses.For("ann"))); got != 60 {
				t.Errorf("wait %d s, want as long as the one who refuses says", got)
			}
		}
		// The house has let nobody through yet.
		for i := range 5 {
			err := l.Take(t.Context(), house.For("street 1"), guesses.For(strconv.Itoa(i)))
			if refused := err != nil; refused != (i == 4) {
				t.Errorf("neighbour %d: %v", i, err)
			}
		}
	})
}

func TestAttackTwoHundredTriesAtOnce(t *testing.T) {
	t.Attr("tried", "two hundred tries at the same moment")
	t.Attr("stopped", "each is counted before it is let through: exactly the burst passes")
	l := ratelimit.New(ratelimit.Options{})
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			if l.Take(t.Context(), guesses.For("ann")) == nil {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if passed.Load() != 3 {
		t.Errorf("%d passed, want the 3 of the burst", passed.Load())
	}
}

func TestAttackAFloodOfIDsFillsTheMemoryOrPushesOneOut(t *testing.T) {
	t.Attr("tried", "fill the memory of the limits with many ids, so that one of them is forgotten")
	t.Attr("stopped", "the ids share cells, whose number is fixed")
	l := ratelimit.New(ratelimit.Options{})
	tries(t, l, guesses.For("ann"), guesses.For("ann"), guesses.For("ann"))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 1 << 18 {
		_ = l.Take(t.Context(), guesses.For(strconv.Itoa(i))) // some are refused
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
	if got := tries(t, l, guesses.For("ann")); got[0] == 0 {
		t.Error("she may be guessed at again")
	}
}
