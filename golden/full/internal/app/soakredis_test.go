package app

import (
	"context"
	"testing"
	"time"

	"example.com/myapp/internal/devenv"
	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/secret"
)

// newRedisSoak returns a load on processes with a Redis of its own.
func newRedisSoak(t *testing.T) (*underLoad, *soakLine) {
	t.Helper()
	server, err := devenv.Redis(t.Context(), "")
	line := newLine(t, server, err)
	return newSoak(t, append(available(t), "REDIS_URL="+line.url()), soakOptions(t)), line
}

func TestUnderLoadFlushingRedisLosesNoJobAndDoublesNone(t *testing.T) {
	s, line := newRedisSoak(t)
	client, err := redis.Open(redis.Options{URL: secret.New(line.url())})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, enough := context.WithCancel(t.Context())
	clients := s.load(ctx)
	pause := time.Duration(soakSize(100, 1000)) * time.Millisecond
	for s.acknowledged.Load() < int64(soakSize(600, 10_000)) {
		time.Sleep(pause)
		if err := client.FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	enough()
	clients.Wait()
	s.settle()
}

func TestUnderLoadRedisIsStoppedAndRequestsGoOnAndTheirJobsRunLater(t *testing.T) {
	s, line := newRedisSoak(t)
	ctx, enough := context.WithCancel(t.Context())
	clients := s.load(ctx)
	s.reach(100)
	line.hangUp()
	refused := s.refused.Load()
	for away := time.Now(); time.Since(away) < time.Duration(soakSize(1, 20))*time.Second; {
		s.reach(10)
	}
	if n := s.refused.Load() - refused; n > 0 {
		t.Errorf("%d requests were refused while Redis was away", n)
	}
	line.connect(devenv.Redis(t.Context(), ""))
	s.reach(100)
	enough()
	clients.Wait()
	s.settle()
}
