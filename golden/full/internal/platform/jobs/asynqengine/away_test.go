package asynqengine_test

import (
	"testing"
	"time"

	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/redis/redistest"
	"example.com/myapp/internal/platform/secret"
)

func TestWhileRedisIsAwayJobsWaitInPostgres(t *testing.T) {
	wire := redistest.NewWire(t, 4)
	p, engine := provider(secret.New(wire.URL()))
	s := jobstest.New(t, p)
	s.Handle(jobstest.Note)
	wire.Cut()
	s.Run(t)
	s.Enqueue(t, 1, 3)
	if err := (*engine).Push(t.Context(), []jobs.Task{{ID: "a", Kind: "probe.note", Queue: jobs.Default}}); err == nil {
		t.Error("a push succeeded while Redis is away")
	}
	wire.Mend()
	s.Await(t, 3)
	if left, effects, _ := s.Count(t); left != 0 || effects != 3 {
		t.Errorf("%d jobs left, %d effects", left, effects)
	}
}

func TestStopEndsInTimeWhileRedisIsAway(t *testing.T) {
	wire := redistest.NewWire(t, 4)
	wire.Cut()
	p, _ := provider(secret.New(wire.URL()))
	if err := jobstest.New(t, p).Start(t)(15 * time.Second); err != nil {
		t.Error(err)
	}
}
