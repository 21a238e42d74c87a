package riverengine_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/riverengine"
)

// probe is a job whose effect is a row: how often a number stands in probe.effects is how often the job had an effect.
type probe struct{ Number int }

func (probe) Kind() string { return "probe.note" }

func note(ctx context.Context, tx pgx.Tx, p probe) error {
	_, err := tx.Exec(ctx, `insert into probe.effects (number) values ($1)`, p.Number)
	return err
}

// station is a database and workers under test.
type station struct {
	options  db.Options
	database *db.DB
	mux      *jobs.Mux

	// done gets a word for each job that is done.
	done chan struct{}
}

func newStation(t testing.TB) *station {
	t.Helper()
	o := dbtest.Options(t, jobs.Schema(), db.Schema{Name: "probe", Files: fstest.MapFS{"0001_effects.sql": {Data: []byte(`-- +goose Up
create table probe.effects (number integer not null);
grant select, insert on probe.effects to myapp_probe;
`)}}})
	o.MaxConns = 10
	s := &station{options: o, mux: jobs.NewMux(), done: make(chan struct{}, 100_000)}
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	s.database = database
	return s
}

// handle makes fn the handler of probes.
func (s *station) handle(fn func(context.Context, pgx.Tx, probe) error, limits ...jobs.Limit) {
	jobs.Handle(s.mux, s.database.As("probe"), fn, limits...)
}

// start starts a worker. What it returns stops it.
func (s *station) start(t testing.TB) (stop func(patience time.Duration)) {
	t.Helper()
	o := s.options
	o.MaxConns = 3
	sessions, err := db.Sessions(t.Context(), o, "jobs")
	if err != nil {
		t.Fatal(err)
	}
	engine := riverengine.New(sessions, riverengine.Options{Concurrency: 8})
	worker := jobs.NewWorker(s.database, engine, s.mux, jobs.Options{
		Log: slog.New(onDone{slog.DiscardHandler, s.done}), SweepAfter: 500 * time.Millisecond,
	})
	if err := worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return func(patience time.Duration) {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := worker.Stop(ctx); err != nil {
			t.Error(err)
		}
		sessions.Close()
	}
}

// enqueue enqueues the numbers from first to last in one transaction.
func (s *station) enqueue(t testing.TB, first, last int, options ...jobs.Option) {
	t.Helper()
	err := s.database.As("probe").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		for number := first; number <= last; number++ {
			if err := jobs.Enqueue(ctx, tx, probe{number}, options...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// await returns when n jobs were done.
func (s *station) await(t testing.TB, n int) {
	t.Helper()
	limit := time.After(time.Minute)
	for i := range n {
		select {
		case <-s.done:
		case <-limit:
			t.Fatalf("after a minute %d of %d jobs are done", i, n)
		}
	}
}

// count returns how many jobs are not done, how many effects there are, and of how many jobs.
func (s *station) count(t testing.TB) (left, effects, distinct int) {
	t.Helper()
	const counts = `select (select count(*) from jobs.jobs), count(*), count(distinct number) from probe.effects`
	err := s.database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, counts).Scan(&left, &effects, &distinct)
	})
	if err != nil {
		t.Fatal(err)
	}
	return left, effects, distinct
}

// exec changes the database as its owner.
func (s *station) exec(t testing.TB, sql string) {
	t.Helper()
	if err := s.database.InTx(t.Context(), dbtest.Exec(sql)); err != nil {
		t.Fatal(err)
	}
}

// onDone turns the line that is logged for each job that is done into a word on a channel.
type onDone struct {
	slog.Handler

	done chan<- struct{}
}

func (onDone) Enabled(context.Context, slog.Level) bool { return true }

func (h onDone) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "job done" {
		h.done <- struct{}{}
	}
	return nil
}
