package riverengine_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

// BenchmarkRiver compares with bare River, on a database of its own with nothing of ours in it, and well set: it looks for jobs every
// millisecond, where its default is 100 of them and ten workers do 100 jobs a second; it inserts many at once by copy; and it writes
// down in batches what is done.
//
//	go test -run '^$' -bench River -benchtime 5x ./internal/platform/jobs/riverengine
//
// The price of ours is a transaction for each job, in which its effects and its acknowledgement commit together, and the turns that
// tenants take. Bare River has the effects of a job twice if the process dies before it has written down that the job is done.
func BenchmarkRiver(b *testing.B) {
	b.Run("beside bare River", func(b *testing.B) {
		jobstest.Bench(b, provider, bareRiver(b, func(context.Context, *pgxpool.Pool, *river.Job[plain]) error { return nil }))
	})
	// River whose jobs end in a transaction, as ours do: the same promise, in River's way.
	b.Run("beside River in transactions", func(b *testing.B) {
		jobstest.Bench(b, provider, bareRiver(b, func(ctx context.Context, pool *pgxpool.Pool, job *river.Job[plain]) error {
			return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
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

// bareRiver is River with the workers and the connections that ours has.
func bareRiver(b *testing.B, work func(context.Context, *pgxpool.Pool, *river.Job[plain]) error) jobstest.Rival {
	b.Helper()
	pool, err := pgxpool.New(b.Context(), dbtest.Options(b).URL.Reveal()+"&pool_max_conns=13")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	exec := func(sql string) {
		if _, err := pool.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	exec(`create schema bare; create table bare.effects (number integer not null)`)
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: "bare"})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := migrator.Migrate(b.Context(), rivermigrate.DirectionUp, nil); err != nil {
		b.Fatal(err)
	}
	done := make(chan struct{}, 100_000)
	workers := river.NewWorkers()
	river.AddWorker(workers, &plainWorker{work: func(ctx context.Context, job *river.Job[plain]) error {
		err := work(ctx, pool, job)
		done <- struct{}{}
		return err
	}})
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Schema:        "bare",
		Queues:        map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: jobstest.Workers}},
		Workers:       workers,
		FetchCooldown: time.Millisecond, FetchPollInterval: time.Millisecond, PollOnly: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	insert := func(causes ...string) {
		err := pgx.BeginFunc(b.Context(), pool, func(tx pgx.Tx) error {
			for _, cause := range causes {
				if _, err := tx.Exec(b.Context(), cause); err != nil {
					return err
				}
			}
			_, err := client.InsertTx(b.Context(), tx, plain{}, nil)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return jobstest.Rival{
		Enqueue: func(n int) {
			if n == 1 {
				insert()
				return
			}
			_, err := client.InsertManyFast(b.Context(), slices.Repeat([]river.InsertManyParams{river.InsertManyParams{Args: plain{}}}, n))
			if err != nil {
				b.Fatal(err)
			}
		},
		Write: func() { insert(`insert into bare.effects values (1)`) },
		Start: func() {
			if err := client.Start(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() {
				if err := client.Stop(context.WithoutCancel(b.Context())); err != nil {
					b.Error(err)
				}
			})
		},
		Done: done,
		Tidy: func() { exec(`vacuum`) },
	}
}
