package asynqengine_test

import (
	"context"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/redis/redistest"
)

// BenchmarkAsynq compares with bare asynq, which looks into its queues as often as ours does; by its default a job that comes
// alone waits for half a second.
//
//	go test -run '^$' -bench Asynq -benchtime 5x ./internal/platform/jobs/asynqengine
//
// Bare asynq has nothing in Postgres. It loses what Redis loses, enqueues what is then rolled back, and has the effects of a job twice
// if the process dies before it has told Redis that the job is done. That ours does none of this costs a row, and a transaction for
// each job: the floor. A job by itself is enqueued at the rate of such transactions, which no engine changes; one that is enqueued for
// what is written anyway costs one statement more.
func BenchmarkAsynq(b *testing.B) {
	b.Run("beside bare asynq", func(b *testing.B) {
		p, rival := bareAsynq(b, func(context.Context, *jobstest.Station) error { return nil })
		jobstest.Bench(b, p, rival)
	})
	// asynq whose jobs write a row each, as jobs of ours do beside it.
	b.Run("beside asynq that writes", func(b *testing.B) {
		p, rival := bareAsynq(b, write)
		rival.Effect = true
		jobstest.Bench(b, p, rival)
	})
}

func write(ctx context.Context, s *jobstest.Station) error {
	return s.Database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return jobstest.Note(ctx, tx, jobstest.Probe{})
	})
}

// bareAsynq returns ours, and asynq on the same Redis with a database of its own.
func bareAsynq(b *testing.B, work func(context.Context, *jobstest.Station) error) (jobstest.Provider, jobstest.Rival) {
	b.Helper()
	p, _ := provider(redistest.URL(b, 6))
	s, client := jobstest.New(b, p), redistest.New(b, 7)
	enqueuer, done := asynq.NewClientFromRedisClient(client), make(chan struct{}, 100_000)
	enqueue := func(n int) {
		for range n {
			if _, err := enqueuer.EnqueueContext(b.Context(), asynq.NewTask("plain", []byte(`{"Number": 1}`))); err != nil {
				b.Fatal(err)
			}
		}
	}
	server := asynq.NewServerFromRedisClient(client, asynq.Config{
		Concurrency: jobstest.Workers, TaskCheckInterval: 3 * time.Millisecond, LogLevel: asynq.FatalLevel,
	})
	return p, jobstest.Rival{
		Enqueue: enqueue,
		Write: func() {
			if err := write(b.Context(), s); err != nil {
				b.Fatal(err)
			}
			enqueue(1)
		},
		Start: func() {
			err := server.Start(asynq.HandlerFunc(func(ctx context.Context, _ *asynq.Task) error {
				err := work(ctx, s)
				done <- struct{}{}
				return err
			}))
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(server.Shutdown)
		},
		Done: done,
	}
}
