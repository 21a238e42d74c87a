package throttle_test

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"example.com/myapp/internal/domains/identity/internal/throttle"
)

func TestAKeyMayBurstAndThenGoOnSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := throttle.New(throttle.Limit{Burst: 3, Every: time.Minute})
		for range 3 {
			if wait := l.Take("ann"); wait != 0 {
				t.Errorf("within the burst: wait %s", wait)
			}
		}
		if wait := l.Take("ann"); wait != time.Minute {
			t.Errorf("after the burst: wait %s, want a minute", wait)
		}
		if wait := l.Take("ben"); wait != 0 {
			t.Errorf("another key: wait %s", wait)
		}
		time.Sleep(time.Minute)
		if first, second := l.Take("ann"), l.Take("ann"); first != 0 || second != time.Minute {
			t.Errorf("a minute later: %s, then %s", first, second)
		}
		time.Sleep(time.Hour)
		for range 3 {
			if wait := l.Take("ann"); wait != 0 {
				t.Errorf("after a long time: wait %s", wait)
			}
		}
	})
}

func TestAFloodOfKeysDoesNotFreeTheOneThatIsGuessedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := throttle.New(throttle.Limit{Burst: 1, Every: time.Hour})
		l.Take("ann")
		for i := range 1 << 18 {
			l.Take(strconv.Itoa(i))
		}
		if wait := l.Take("ann"); wait == 0 {
			t.Error("she may be guessed at again")
		}
	})
}
