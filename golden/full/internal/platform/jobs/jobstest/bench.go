package jobstest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Rival is what ours is compared with: the library of an engine, used by itself and set as well as it can be.
type Rival struct {
	// Effect says that its jobs write a row. So do ours then; else they do nothing.
	Effect bool

	// Enqueue enqueues so many jobs at once. Write writes a row and enqueues a job for it.
	Enqueue func(n int)
	Write   func()

	// Start starts its workers, as many as ours.
	Start func()

	// Done gets a word for each job that is done.
	Done <-chan struct{}

	// Tidy vacuums its tables, if it has any. Nil does nothing.
	Tidy func()
}

// Bench compares an engine with a rival, and both with a floor: a plain row in Postgres for each job, inserted in the transaction that
// causes it and deleted in the one that has its effect. It is the price of losing nothing, before anything is delivered. All are on
// the same servers and take turns, so that what else the machine does meets all. It prints medians of what is done in a second, the
// ratio of ours to the rival, and that of the floor to it.
//
//	enqueue    a job by itself
//	write      a row, and a job for it
//	work       two thousand jobs, from their enqueuing to the end of the last
//	pick-up    after how many milliseconds a job of ours begins that comes alone
//
// A Postgres that the tests start leaves two things undone: it does not vacuum, which is done between the turns, and it does not wait
// for its disk; TEST_DATABASE_URL names one that does.
func Bench(b *testing.B, p Provider, r Rival) {
	const single, backlog = 100, 2000
	s := New(b, p)
	begun := make(chan time.Time, 100_000)
	effect := func(ctx context.Context, tx pgx.Tx) error {
		if !r.Effect {
			return nil
		}
		return Note(ctx, tx, Probe{})
	}
	s.Handle(func(ctx context.Context, tx pgx.Tx, _ Probe) error { begun <- time.Now(); return effect(ctx, tx) })
	tidy := func() {
		s.vacuum(b)
		if r.Tidy != nil {
			r.Tidy()
		}
	}
	ours, theirs := 0, 0 // that wait for their workers
	b.Run("enqueue", func(b *testing.B) {
		compare(b, tidy, single, 1,
			func() { s.Enqueue(b, 1, 1); ours++ },
			func() { r.Enqueue(1); theirs++ },
			func() { s.enqueuePlain(b, 1) },
		)
	})
	b.Run("write", func(b *testing.B) {
		compare(b, tidy, single, 1,
			func() { s.write(b, enqueueOne); ours++ },
			func() { r.Write(); theirs++ },
			func() { s.write(b, insertPlain) },
		)
	})
	s.Run(b)
	s.Await(b, ours)
	r.Start()
	await(r.Done, theirs)
	b.Run("work", func(b *testing.B) {
		compare(b, tidy, 1, backlog,
			func() { s.Enqueue(b, 1, backlog); s.Await(b, backlog) },
			func() { r.Enqueue(backlog); await(r.Done, backlog) },
			func() { s.workPlain(b, s.enqueuePlain(b, backlog), effect) },
		)
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
			s.Await(b, 1)
		}
		b.ReportMetric(median(waits), "p50-ms")
		b.ReportMetric(waits[len(waits)*99/100], "p99-ms")
		b.ReportMetric(0, "ns/op")
	})
}

// compare measures three ways to do so many jobs, that many times in a row.
func compare(b *testing.B, tidy func(), times, jobs int, ways ...func()) {
	b.Helper()
	var rates [3][]float64
	turn := func() (list [3]float64) {
		for i, do := range ways {
			tidy()
			start := time.Now()
			for range times {
				do()
			}
			list[i] = float64(times*jobs) / time.Since(start).Seconds()
		}
		return list
	}
	turn()
	var ratios, floors []float64
	for b.Loop() {
		got := turn()
		for i, rate := range got {
			rates[i] = append(rates[i], rate)
		}
		ratios, floors = append(ratios, got[0]/got[1]), append(floors, got[2]/got[1])
	}
	for i, name := range []string{"jobs/s", "rival-jobs/s", "floor-jobs/s"} {
		b.ReportMetric(median(rates[i]), name)
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(floors), "floor-ratio")
	b.ReportMetric(0, "ns/op")
}

func await(done <-chan struct{}, n int) {
	for range n {
		<-done
	}
}

// median sorts the list.
func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
