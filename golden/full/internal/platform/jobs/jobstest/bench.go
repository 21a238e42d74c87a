package jobstest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Rival is the library of an engine, used by itself and set as well as it can be.
type Rival struct {
	// Enqueue enqueues so many jobs at once.
	Enqueue func(n int)

	// Start starts its workers, as many as ours.
	Start func()

	// Done gets a word for each job that is done.
	Done <-chan struct{}
}

// Bench compares an engine with its library: on the same servers and in turns, so that what else the machine does meets both. It
// prints medians: what is done in a second by ours and by the bare library, the ratio, and after how many milliseconds a job
// begins that comes alone. The jobs do nothing. A Postgres that the tests start does not wait for its disk; TEST_DATABASE_URL names one
// that does.
func Bench(b *testing.B, p Provider, r Rival) {
	const single, backlog = 100, 1000
	s := New(b, p)
	begun := make(chan time.Time, 100_000)
	s.Handle(func(context.Context, pgx.Tx, Probe) error { begun <- time.Now(); return nil })
	ours, bare := 0, 0
	b.Run("enqueue", func(b *testing.B) {
		compare(b, single, func() {
			for range single {
				s.Enqueue(b, 1, 1)
				ours++
			}
		}, func() {
			for range single {
				r.Enqueue(1)
				bare++
			}
		})
	})
	await := func(n int, done <-chan struct{}) {
		for range n {
			<-done
		}
	}
	s.Run(b)
	await(ours, s.Done)
	r.Start()
	await(bare, r.Done)
	b.Run("work", func(b *testing.B) {
		compare(b, backlog, func() {
			s.Enqueue(b, 1, backlog)
			await(backlog, s.Done)
		}, func() {
			r.Enqueue(backlog)
			await(backlog, r.Done)
		})
	})
	for len(begun) > 0 {
		<-begun
	}
	b.Run("pick-up", func(b *testing.B) {
		var waits []float64
		for b.Loop() {
			s.Enqueue(b, 1, 1)
			committed := time.Now()
			waits = append(waits, (<-begun).Sub(committed).Seconds()*1000)
			await(1, s.Done)
		}
		b.ReportMetric(median(waits), "p50-ms")
		b.ReportMetric(waits[len(waits)*99/100], "p99-ms")
		b.ReportMetric(0, "ns/op")
	})
}

// compare measures two ways to do n jobs.
func compare(b *testing.B, n float64, ours, bare func()) {
	b.Helper()
	rate := func(do func()) float64 {
		start := time.Now()
		do()
		return n / time.Since(start).Seconds()
	}
	ours()
	bare()
	var mine, theirs, ratios []float64
	for b.Loop() {
		x, y := rate(ours), rate(bare)
		mine, theirs, ratios = append(mine, x), append(theirs, y), append(ratios, x/y)
	}
	b.ReportMetric(median(mine), "jobs/s")
	b.ReportMetric(median(theirs), "bare-jobs/s")
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(0, "ns/op")
}

// median sorts the list.
func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
