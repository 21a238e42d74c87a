package riverengine_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

// BenchmarkRiver compares with bare River, well set: it looks for jobs every millisecond, where its default is 100 of them and ten
// workers do 100 jobs a second; it inserts many at once by copy; and it writes down in batches what is done.
//
//	go test -run '^$' -bench River -benchtime 5x ./internal/platform/jobs/riverengine
//
// The price of ours is a transaction for each job, in which its effects and its acknowledgement commit together. Bare River has
// the effects of a job twice if the process dies before it has written down that the job is done.
func BenchmarkRiver(b *testing.B) {
	b.Run("beside bare River", func(b *testing.B) {
		jobstest.Bench(b, provider, bareRiver(b, func(context.Context, *jobstest.Station, *river.Job[plain]) error { return nil }))
	})
	// River whose jobs end in a transaction, as ours do: the same promise, in River's way.
	b.Run("beside River in transactions", func(b *testing.B) {
		jobstest.Bench(b, provider, bareRiver(b, func(ctx context.Context, s *jobstest.Station, job *river.Job[plain]) error {
			return s.Database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
				_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
				return err
			})
		}))
	})
}

type plain struct{}

func (plain) Kind() string { return "plain" }

type plainWorker struct {
	river.WorkerDefaults[plain]

	work func(context.Context, *river.Job[plain]) error
}

func (w *plainWorker) Work(ctx context.Context, job *river.Job[plain]) error { return w.work(ctx, job) }

// bareRiver starts River on a database of its own, with its client for inserting.
func bareRiver(b *testing.B, work func(context.Context, *jobstest.Station, *river.Job[plain]) error) jobstest.Rival {
	b.Helper()
	s := jobstest.New(b, provider)
	o := s.Options
	o.MaxConns = 10
	sessions, err := db.Sessions(b.Context(), o, "jobs")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(sessions.Close)
	done := make(chan struct{}, 100_000)
	workers := river.NewWorkers()
	river.AddWorker(workers, &plainWorker{work: func(ctx context.Context, job *river.Job[plain]) error {
		err := work(ctx, s, job)
		done <- struct{}{}
		return err
	}})
	client, err := river.NewClient(riverpgxv5.New(sessions), &river.Config{
		Schema:        "jobs",
		Queues:        map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: jobstest.Workers}},
		Workers:       workers,
		FetchCooldown: time.Millisecond, FetchPollInterval: time.Millisecond, PollOnly: true,
		ReindexerSchedule: river.NeverSchedule(),
	})
	if err != nil {
		b.Fatal(err)
	}
	enqueue := func(n int) {
		err := s.Database.InTx(b.Context(), func(ctx context.Context, tx pgx.Tx) (err error) {
			if n == 1 {
				_, err = client.InsertTx(ctx, tx, plain{}, nil)
			} else {
				_, err = client.InsertManyFastTx(ctx, tx, slices.Repeat([]river.InsertManyParams{river.InsertManyParams{Args: plain{}}}, n))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	start := func() {
		if err := client.Start(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			if err := client.Stop(context.WithoutCancel(b.Context())); err != nil {
				b.Error(err)
			}
		})
	}
	return jobstest.Rival{Enqueue: enqueue, Start: start, Done: done}
}
