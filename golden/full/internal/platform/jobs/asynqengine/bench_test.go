package asynqengine_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/asynqengine"
	"example.com/myapp/internal/platform/redis/redistest"
)

// BenchmarkPickUp is the wait of a job that comes alone, from its commit to its handler; p50 and p99 in milliseconds.
//
//	go test -run '^$' -bench . -benchtime 500x ./internal/platform/jobs/asynqengine
func BenchmarkPickUp(b *testing.B) {
	database, mux := openDatabase(b), jobs.NewMux()
	begun := make(chan time.Time, 1)
	jobs.Handle(mux, database.As("probe"), func(context.Context, pgx.Tx, probe) error { begun <- time.Now(); return nil })
	engine := asynqengine.New(redistest.New(b, 6), asynqengine.Options{Prefix: "bench"})
	worker := jobs.NewWorker(database, engine, mux, jobs.Options{})
	if err := worker.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	var waits []time.Duration
	for b.Loop() {
		err := database.As("probe").InTx(b.Context(), func(ctx context.Context, tx pgx.Tx) error {
			return jobs.Enqueue(ctx, tx, probe{1})
		})
		if err != nil {
			b.Fatal(err)
		}
		committed := time.Now()
		waits = append(waits, (<-begun).Sub(committed))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := worker.Stop(ctx); err != nil {
		b.Error(err)
	}
	slices.Sort(waits)
	b.ReportMetric(waits[len(waits)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(waits[len(waits)*99/100].Seconds()*1000, "p99-ms")
}
