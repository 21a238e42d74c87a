package asynqengine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
)

func TestFlushingRedisUnderLoadLosesNothingAndDoublesNothing(t *testing.T) {
	client := redistest.New(t, 2)
	s := newStation(t, client)
	const load, flushes = 500, 4
	var runs atomic.Int64
	s.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		// From within the load: now some jobs run, some wait in Redis, and some are not pushed yet.
		if runs.Add(1)%(load/(flushes+1)) == 0 {
			if err := client.FlushDB(ctx).Err(); err != nil {
				return err
			}
		}
		return note(ctx, tx, p)
	})
	numbers := make([]int, load)
	for i := range numbers {
		numbers[i] = i
	}
	s.start(t)
	s.enqueue(t, numbers...)
	s.await(t, load)
	if left, effects, distinct := s.count(t); left != 0 || effects != load || distinct != load {
		t.Errorf("%d jobs left, %d effects of %d jobs", left, effects, distinct)
	}
	if n := runs.Load(); n < load {
		t.Errorf("%d runs of %d jobs", n, load)
	}
}

func TestAJobThatIsDeliveredManyTimesHasOneEffect(t *testing.T) {
	client := redistest.New(t, 3)
	s := newStation(t, client)
	started, release := make(chan struct{}), make(chan struct{})
	s.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		started <- struct{}{}
		<-release
		return note(ctx, tx, p)
	})
	s.start(t)
	s.enqueue(t, 1)
	<-started
	task := s.task(t)
	deliverAgain := func() error {
		// Redis forgets that it has delivered this id.
		if err := client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		if err := s.engine.Push(t.Context(), task); err != nil {
			t.Fatal(err)
		}
		return <-s.engine.delivered
	}
	for range 2 {
		if err := deliverAgain(); !errors.Is(err, jobs.ErrBusy) {
			t.Errorf("delivered while it is run: %v", err)
		}
	}
	close(release)
	if err := <-s.engine.delivered; err != nil {
		t.Errorf("the first delivery: %v", err)
	}
	if err := deliverAgain(); err != nil {
		t.Errorf("delivered after it was done: %v", err)
	}
	if left, effects, _ := s.count(t); left != 0 || effects != 1 {
		t.Errorf("%d jobs left, %d effects", left, effects)
	}
}

func TestAScheduledJobIsDone(t *testing.T) {
	s := newStation(t, redistest.New(t, 4))
	s.handle(note)
	jobs.Every(s.mux, "often", jobs.Interval(10*time.Millisecond), probe{1})
	s.start(t)
	s.await(t, 1)
}

func TestStopFetchesNoMoreAndWaitsForHandlers(t *testing.T) {
	s := newStation(t, redistest.New(t, 3))
	started, release := make(chan struct{}), make(chan struct{})
	s.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		close(started)
		<-release
		return note(ctx, tx, p)
	})
	s.enqueue(t, 1)
	if err := s.worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-started
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.stop(t, time.Minute)
	}()
	select {
	case <-stopped:
		t.Error("stopped while a handler ran")
	case <-time.After(300 * time.Millisecond): // a stop that does not wait takes a third of this
	}
	s.enqueue(t, 2)
	close(release)
	<-stopped
	if left, effects, _ := s.count(t); left != 1 || effects != 1 {
		t.Errorf("%d jobs left, %d effects", left, effects)
	}
}

func TestStopEndsTheContextOfHandlersThatTakeTooLong(t *testing.T) {
	s := newStation(t, redistest.New(t, 3))
	started := make(chan struct{})
	s.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		if err := note(ctx, tx, p); err != nil {
			return err
		}
		close(started)
		<-ctx.Done()
		return ctx.Err()
	})
	s.enqueue(t, 1)
	if err := s.worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-started
	s.stop(t, 4*time.Second)
	if left, effects, _ := s.count(t); left != 1 || effects != 0 {
		t.Errorf("%d jobs left, %d effects", left, effects)
	}
}

func TestNothingRunsAfterStop(t *testing.T) {
	address := redistest.URL(t, 3)
	s := newStation(t, nil)
	s.handle(note)
	before := goleak.IgnoreCurrent()

	client, err := redis.Open(redis.Options{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	s.use(client)
	if err := s.worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.enqueue(t, 1)
	s.await(t, 1)
	s.stop(t, 10*time.Second)
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, before)
}
