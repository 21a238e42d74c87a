package riverengine_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

// What a job costs beside bare River, well set: in one run, with as many workers, on the same table.
//
//	go test -run '^$' -bench . -benchtime 2000x ./internal/platform/jobs/riverengine

func BenchmarkEnqueue(b *testing.B) {
	s := jobstest.New(b, provider)
	domain := s.Database.As("probe")
	for b.Loop() {
		err := domain.InTx(b.Context(), func(ctx context.Context, tx pgx.Tx) error { return jobs.Enqueue(ctx, tx, jobstest.Probe{Number: 1}) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEnqueueBare(b *testing.B) {
	s := jobstest.New(b, provider)
	client := bare(b, s, nil)
	for b.Loop() {
		err := s.Database.InTx(b.Context(), func(ctx context.Context, tx pgx.Tx) error {
			_, err := client.InsertTx(ctx, tx, plain{}, nil)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWork(b *testing.B) {
	s := jobstest.New(b, provider)
	s.Handle(func(context.Context, pgx.Tx, jobstest.Probe) error { return nil })
	s.Enqueue(b, 1, b.N)
	b.ResetTimer()
	stop := s.Start(b)
	s.Await(b, b.N)
	b.StopTimer()
	if err := stop(20 * time.Second); err != nil {
		b.Error(err)
	}
}

// BenchmarkWorkBare is River whose jobs have no effect in the database.
func BenchmarkWorkBare(b *testing.B) {
	benchmarkBare(b, func(context.Context, *jobstest.Station, *river.Job[plain]) error { return nil })
}

// BenchmarkWorkBareInTx is River whose jobs end in a transaction, as ours do.
func BenchmarkWorkBareInTx(b *testing.B) {
	benchmarkBare(b, func(ctx context.Context, s *jobstest.Station, job *river.Job[plain]) error {
		return s.Database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
			return err
		})
	})
}

func benchmarkBare(b *testing.B, work func(context.Context, *jobstest.Station, *river.Job[plain]) error) {
	s := jobstest.New(b, provider)
	var done atomic.Int64
	all := make(chan struct{})
	client := bare(b, s, func(ctx context.Context, job *river.Job[plain]) error {
		err := work(ctx, s, job)
		if done.Add(1) == int64(b.N) {
			close(all)
		}
		return err
	})
	for range b.N {
		err := s.Database.InTx(b.Context(), func(ctx context.Context, tx pgx.Tx) error {
			_, err := client.InsertTx(ctx, tx, plain{}, nil)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	if err := client.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	<-all
	b.StopTimer()
	if err := client.Stop(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPickUp is the wait of a job that comes alone, from its commit to its handler; p50 and p99 in milliseconds.
func BenchmarkPickUp(b *testing.B) {
	s := jobstest.New(b, provider)
	begun := make(chan time.Time, 1)
	s.Handle(func(context.Context, pgx.Tx, jobstest.Probe) error { begun <- time.Now(); return nil })
	stop := s.Start(b)
	var waits []time.Duration
	for b.Loop() {
		s.Enqueue(b, 1, 1)
		committed := time.Now()
		waits = append(waits, (<-begun).Sub(committed))
		<-s.Done
	}
	if err := stop(20 * time.Second); err != nil {
		b.Error(err)
	}
	slices.Sort(waits)
	b.ReportMetric(waits[len(waits)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(waits[len(waits)*99/100].Seconds()*1000, "p99-ms")
}

type plain struct{}

func (plain) Kind() string { return "plain" }

type plainWorker struct {
	river.WorkerDefaults[plain]

	work func(context.Context, *river.Job[plain]) error
}

func (w *plainWorker) Work(ctx context.Context, job *river.Job[plain]) error { return w.work(ctx, job) }

// bare returns River on the same table, with its client for inserting and its completion in batches.
func bare(b *testing.B, s *jobstest.Station, work func(context.Context, *river.Job[plain]) error) *river.Client[pgx.Tx] {
	b.Helper()
	o := s.Options
	o.MaxConns = 10
	sessions, err := db.Sessions(b.Context(), o, "jobs")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(sessions.Close)
	workers := river.NewWorkers()
	river.AddWorker(workers, &plainWorker{work: work})
	client, err := river.NewClient(riverpgxv5.New(sessions), &river.Config{
		Schema:        "jobs",
		Queues:        map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 8}},
		Workers:       workers,
		FetchCooldown: time.Millisecond, FetchPollInterval: time.Millisecond, PollOnly: true,
		ReindexerSchedule: river.NeverSchedule(),
	})
	if err != nil {
		b.Fatal(err)
	}
	return client
}
