package asynqengine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/asynqengine"
	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
	"example.com/myapp/internal/platform/secret"
)

// provider is asynq on the Redis at that address. The last engine that it opened is in watched.
func provider(address secret.String) (p jobstest.Provider, last **watched) {
	last = new(*watched)
	return jobstest.Provider{
		Open: func(t testing.TB, _ db.Options) (jobs.Engine, func()) {
			t.Helper()
			client, err := redis.Open(redis.Options{URL: address})
			if err != nil {
				t.Fatal(err)
			}
			engine := asynqengine.New(client, asynqengine.Options{Prefix: "test", Concurrency: jobstest.Workers})
			*last = &watched{Engine: engine, delivered: make(chan error, 200_000)}
			return *last, func() { _ = client.Close() }
		},
		Ahead:   250,
		Abandon: `update jobs.jobs set pushed_at = (select pushed_at from jobs.jobs where id = $2) where id = $1`,
	}, last
}

// watched is an engine that tells what became of each delivery.
type watched struct {
	jobs.Engine

	delivered chan error
}

func (w *watched) Start(run func(context.Context, jobs.Task) error) error {
	return w.Engine.Start(func(ctx context.Context, task jobs.Task) error {
		err := run(ctx, task)
		w.delivered <- err
		return err
	})
}

func TestAsynqIsAnEngine(t *testing.T) {
	p, _ := provider(redistest.URL(t, 4))
	jobstest.Run(t, p)
}

func TestFlushingRedisUnderLoadLosesNothingAndDoublesNothing(t *testing.T) {
	wire := redistest.NewWire(t, 2)
	client := wire.Open()
	p, _ := provider(secret.New(wire.URL()))
	s := jobstest.New(t, p)
	const load, flushes = 500, 4
	var runs atomic.Int64
	s.Handle(func(ctx context.Context, tx pgx.Tx, job jobstest.Probe) error {
		// From within the load: now some jobs run, some wait in Redis, and some are not pushed yet.
		if runs.Add(1)%(load/(flushes+1)) == 0 {
			if err := client.FlushDB(ctx).Err(); err != nil {
				return err
			}
		}
		return jobstest.Note(ctx, tx, job)
	})
	s.Run(t)
	s.Enqueue(t, 1, load)
	s.Await(t, load)
	if left, effects, distinct := s.Count(t); left != 0 || effects != load || distinct != load {
		t.Errorf("%d jobs left, %d effects of %d jobs", left, effects, distinct)
	}
	if n := runs.Load(); n < load {
		t.Errorf("%d runs of %d jobs", n, load)
	}
}

func TestAJobThatIsDeliveredManyTimesHasOneEffect(t *testing.T) {
	wire := redistest.NewWire(t, 3)
	client := wire.Open()
	p, engine := provider(secret.New(wire.URL()))
	s := jobstest.New(t, p)
	started, release := make(chan struct{}), make(chan struct{})
	s.Handle(func(ctx context.Context, tx pgx.Tx, job jobstest.Probe) error {
		started <- struct{}{}
		<-release
		return jobstest.Note(ctx, tx, job)
	})
	s.Run(t)
	s.Enqueue(t, 1, 1)
	<-started
	task := onlyTask(t, s.Database)
	deliverAgain := func() error {
		// Redis forgets that it has delivered this id.
		if err := client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		if err := (*engine).Push(t.Context(), []jobs.Task{task}); err != nil {
			t.Fatal(err)
		}
		return <-(*engine).delivered
	}
	for range 2 {
		if err := deliverAgain(); !errors.Is(err, jobs.ErrBusy) {
			t.Errorf("delivered while it is run: %v", err)
		}
	}
	close(release)
	if err := <-(*engine).delivered; err != nil {
		t.Errorf("the first delivery: %v", err)
	}
	if err := deliverAgain(); err != nil {
		t.Errorf("delivered after it was done: %v", err)
	}
	if left, effects, _ := s.Count(t); left != 0 || effects != 1 {
		t.Errorf("%d jobs left, %d effects", left, effects)
	}
}

// onlyTask is what the relay pushes of the only job.
func onlyTask(t *testing.T, d *db.DB) jobs.Task {
	t.Helper()
	task := jobs.Task{Kind: jobstest.Probe{}.Kind(), Queue: jobs.Default}
	err := d.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select id::text from jobs.jobs`).Scan(&task.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	return task
}
