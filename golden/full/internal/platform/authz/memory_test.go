package authz_test

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
)

// asked returns a find that says who, and how often it was asked.
func asked(who authz.Principal, err error) (func() (authz.Principal, error), *int) {
	n := new(int)
	return func() (authz.Principal, error) { *n++; return who, err }, n
}

func TestWhoIsRememberedIsAskedForAgainAfterAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := authz.NewMemory(2 * time.Second)
		find, n := asked(authz.Principal{Kind: authz.User, ID: id.New()}, nil)
		get := func(want int) {
			t.Helper()
			for range 3 {
				if who, err := m.Get(authz.Credentials{1}, find); who.Kind != authz.User || err != nil {
					t.Errorf("%+v, %v", who, err)
				}
			}
			if *n != want {
				t.Errorf("asked %d times, want %d", *n, want)
			}
		}
		get(1)
		time.Sleep(2*time.Second - 1)
		get(1)
		time.Sleep(time.Nanosecond)
		get(2)
		m.Forget(t.Context())
		get(3)
	})
}

func TestNobodyAndErrorsAreNotRemembered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		who  authz.Principal
		err  error
		life time.Duration
	}{
		"nobody":            {authz.Principal{}, nil, time.Hour},
		"an error":          {authz.Principal{Kind: authz.User}, errors.New("no database"), time.Hour},
		"a life of zero":    {authz.Principal{Kind: authz.User}, nil, 0},
		"other credentials": {authz.Principal{Kind: authz.User}, nil, time.Hour},
	} {
		m := authz.NewMemory(test.life)
		find, n := asked(test.who, test.err)
		for i := range 3 {
			var c authz.Credentials
			if name == "other credentials" {
				c[31] = byte(i)
			}
			if _, err := m.Get(c, find); !errors.Is(err, test.err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if *n != 3 {
			t.Errorf("%s: asked %d times, want 3", name, *n)
		}
	}
}

// Each change is larger than those before it, so that what is remembered is old if it is smaller than one that was told before the
// request began.
func TestNobodyIsBelievedAfterAChangeThatWasTold(t *testing.T) {
	t.Parallel()
	m := authz.NewMemory(time.Hour)
	var truth, told atomic.Int64
	var writing sync.Mutex
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			for range 5000 {
				if random.IntN(20) == 0 {
					writing.Lock()
					now := truth.Add(1)
					m.Forget(t.Context())
					told.Store(now)
					writing.Unlock()
					continue
				}
				least := told.Load()
				who, _ := m.Get(authz.Credentials{}, func() (authz.Principal, error) {
					read := truth.Load()
					if random.IntN(2) == 0 {
						time.Sleep(time.Microsecond) // lets others pass between reading and remembering
					}
					return authz.Principal{Kind: authz.User, Role: authz.Role(strconv.FormatInt(read, 10))}, nil
				})
				if got, _ := strconv.ParseInt(string(who.Role), 10, 64); got < least {
					t.Errorf("what is remembered is of change %d, after change %d was told", got, least)
				}
			}
		})
	}
	group.Wait()
}
