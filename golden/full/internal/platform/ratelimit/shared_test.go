package ratelimit_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
	"example.com/myapp/internal/platform/secret"
)

// database is the one of this package on a server of TEST_REDIS_URL.
const database = 5

func together(client *redis.Client) *ratelimit.Limiter {
	l := ratelimit.New(ratelimit.Options{})
	l.Share(client)
	return l
}

func TestRedisDecidesAsTheMemoryOfAProcessDoes(t *testing.T) {
	l := together(redistest.New(t, database)).Patient()
	random := rand.New(rand.NewPCG(1, 2))
	var uses []ratelimit.Use
	taken := map[*int64]bool{}
	for i := 0; len(uses) < 12; i++ {
		every := time.Duration(1+random.IntN(3000)) * time.Microsecond
		u := ratelimit.Rule{Name: fmt.Sprint("rule ", len(uses)/3), Burst: 1 + random.IntN(8), Every: every}.For(fmt.Sprint("id ", i))
		if cell := l.Cell(u); !taken[cell] { // ids that share one are told apart by Redis alone
			taken[cell], uses = true, append(uses, u)
		}
	}
	passed, refused := 0, 0
	for range 3000 {
		var asked []ratelimit.Use
		for _, i := range random.Perm(len(uses))[:1+random.IntN(4)] {
			u := uses[i]
			u.Cost = random.IntN(6)
			asked = append(asked, u)
		}
		ours, mine, err := l.Both(t.Context(), asked...)
		if err != nil || ours != mine {
			t.Fatalf("%+v: Redis says %s, the process %s, %v", asked, ours, mine, err)
		}
		if strings.HasPrefix(ours, "wait 0s") {
			passed++
		} else {
			refused++
		}
	}
	if passed < 300 || refused < 300 {
		t.Errorf("%d passed and %d were refused: this test proves nothing", passed, refused)
	}
}

func TestAttackTwoHundredTriesAtOnceInTwoProcesses(t *testing.T) {
	t.Attr("tried", "two hundred tries at the same moment, at two processes")
	t.Attr("stopped", "one script in Redis counts for both: exactly the burst passes")
	client := redistest.New(t, database)
	limiters := []*ratelimit.Limiter{together(client).Patient(), together(client).Patient()}
	slow := ratelimit.Rule{Name: "slow", Burst: 20, Every: time.Hour}
	var passed atomic.Int64
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			if limiters[i%2].Take(t.Context(), slow.For("ann")) == nil {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if passed.Load() != 20 {
		t.Errorf("%d passed, want the 20 of the burst", passed.Load())
	}
}

func TestAKeyHoldsNoAddressAndIsGoneWhenTheBurstIsWhole(t *testing.T) {
	client := redistest.New(t, database)
	l := together(client).Patient()
	if err := l.Take(t.Context(), guesses.For("ann@example.com"), guesses.For("192.0.2.1")); err != nil {
		t.Fatal(err)
	}
	keys := client.Keys(t.Context(), "*").Val()
	if len(keys) != 2 {
		t.Errorf("keys: %v", keys)
	}
	for _, key := range keys {
		if strings.Contains(key, "ann") || strings.Contains(key, "192") {
			t.Errorf("the key %s says who it is", key)
		}
		if left := client.PTTL(t.Context(), key).Val(); left <= 0 || left > guesses.Every {
			t.Errorf("the key ends in %s, want a minute", left)
		}
	}
}

func TestAttackRedisIsStoppedToBeFreeOfLimits(t *testing.T) {
	t.Attr("tried", "stop Redis, under load, so that nobody counts any longer")
	t.Attr("stopped", "each process counts by itself all the time, and decides while Redis is away")
	wire := redistest.NewWire(t, database)
	client := wire.Open()
	client.FlushDB(t.Context())
	limiters := []*ratelimit.Limiter{together(client), together(client)}
	slow := ratelimit.Rule{Name: "slow", Burst: 100, Every: time.Hour}
	var passed atomic.Int64
	flood := func() int64 {
		passed.Store(0)
		var all sync.WaitGroup
		for worker := range 8 {
			all.Go(func() {
				for i := range 500 {
					if limiters[worker%2].Take(t.Context(), slow.For("ann")) == nil {
						passed.Add(1)
					}
					if worker == 0 && i == 10 {
						wire.Cut()
					}
				}
			})
		}
		all.Wait()
		return passed.Load()
	}
	// Each process lets through no more than its burst, what it let through before included.
	if n := flood(); n < 100 || n > 200 {
		t.Errorf("%d passed, want the 100 of one process or the 200 of both", n)
	}
	if n := flood(); n > 100 {
		t.Errorf("%d passed later, though Redis is still away", n)
	}
	wire.Mend()
	waitFor(t, func() bool { return client.Ping(t.Context()).Err() == nil })
	for i, l := range limiters {
		l.Patient()
		waitFor(t, func() bool {
			_ = l.Take(t.Context(), guesses.For(fmt.Sprint("process ", i))) // counts in Redis once it is asked again
			return client.Exists(t.Context(), guesses.For(fmt.Sprint("process ", i)).Key()).Val() == 1
		})
	}
}

// waitFor asks until it is so.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	for range 500 {
		if so() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("it never was so")
}

// counting counts what a client asks of Redis.
type counting struct{ asked atomic.Int64 }

func (c *counting) DialHook(next goredis.DialHook) goredis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c.asked.Add(1)
		return next(ctx, network, addr)
	}
}

func (c *counting) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook { return next }

func (c *counting) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}

func TestARedisThatDoesNotAnswerCostsOneRequestASecondItsTimeout(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // the system takes the connections, and nobody answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	client, err := redis.Open(redis.Options{URL: secret.New("redis://" + silent.Addr().String())})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	dials := &counting{}
	client.AddHook(dials)
	l := together(client)
	slow := ratelimit.Rule{Name: "slow", Burst: 100, Every: time.Hour}
	passed := 0
	for range 10_000 {
		if l.Take(t.Context(), slow.For("ann")) == nil {
			passed++
		}
	}
	if passed != 100 {
		t.Errorf("%d passed, want the 100 of the burst", passed)
	}
	if n := dials.asked.Load(); n > 100 {
		t.Errorf("Redis was dialled %d times for 10,000 requests", n)
	}
}
