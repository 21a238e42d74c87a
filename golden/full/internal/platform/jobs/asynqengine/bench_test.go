package asynqengine_test

import (
	"context"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/redis/redistest"
)

// BenchmarkAsynq compares with bare asynq, which looks into its queues as often as ours does; by its default a job that comes
// alone waits for half a second.
//
//	go test -run '^$' -bench Asynq -benchtime 5x ./internal/platform/jobs/asynqengine
//
// The price of ours is that Postgres has the truth: a row is committed with what caused the job, and a transaction for each job
// commits its effects and its acknowledgement. Bare asynq loses what Redis loses, enqueues what is then rolled back, and has the
// effects of a job twice if the process dies before it has told Redis that the job is done.
func BenchmarkAsynq(b *testing.B) {
	p, _ := provider(redistest.URL(b, 6))
	client := redistest.New(b, 7)
	enqueuer, done := asynq.NewClientFromRedisClient(client), make(chan struct{}, 100_000)
	server := asynq.NewServerFromRedisClient(client, asynq.Config{
		Concurrency: jobstest.Workers, TaskCheckInterval: 3 * time.Millisecond, LogLevel: asynq.FatalLevel,
	})
	jobstest.Bench(b, p, jobstest.Rival{
		Enqueue: func(n int) {
			for range n {
				if _, err := enqueuer.EnqueueContext(b.Context(), asynq.NewTask("plain", []byte(`{"number": 1}`))); err != nil {
					b.Fatal(err)
				}
			}
		},
		Start: func() {
			err := server.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error { done <- struct{}{}; return nil }))
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(server.Shutdown)
		},
		Done: done,
	})
}
