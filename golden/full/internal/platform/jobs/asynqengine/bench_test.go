package asynqengine_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/redis/redistest"
)

// BenchmarkPickUp is the wait of a job that comes alone, from its commit to its handler; p50 and p99 in milliseconds.
//
//	go test -run '^$' -bench . -benchtime 500x ./internal/platform/jobs/asynqengine
func BenchmarkPickUp(b *testing.B) {
	p, _ := provider(redistest.URL(b, 6))
	s := jobstest.New(b, p)
	begun := make(chan time.Time, 1)
	s.Handle(func(context.Context, pgx.Tx, jobstest.Probe) error { begun <- time.Now(); return nil })
	s.Run(b)
	var waits []time.Duration
	for b.Loop() {
		s.Enqueue(b, 1, 1)
		committed := time.Now()
		waits = append(waits, (<-begun).Sub(committed))
	}
	slices.Sort(waits)
	b.ReportMetric(waits[len(waits)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(waits[len(waits)*99/100].Seconds()*1000, "p99-ms")
}
