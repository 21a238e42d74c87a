// Package jobstest holds the sentences that are true of every engine of jobs, and what tests of one need: a database, a worker,
// and a job whose effects can be counted.
//
//	jobstest.Run(t, jobstest.Provider{...})
package jobstest

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/jobs"
)

// Workers is how many jobs an engine under test runs at once.
const Workers = 8

// patience is how long a worker under test may take to stop.
const patience = 20 * time.Second

// Provider is an engine, and what differs between it and others.
type Provider struct {
	// Open returns an engine with that many Workers on the database of o, and what closes what it needs when it has stopped.
	Open func(t testing.TB, o db.Options) (engine jobs.Engine, closeIt func())

	// Ahead is how many jobs the engine has been given at most and not begun yet.
	Ahead int

	// Abandon is a statement after which job $1 is one that a process had fetched that is no more, when job $2 was fetched.
	Abandon string
}

// Probe is a job whose effect is a row: how often its number stands in probe.effects is how often it had an effect.
type Probe struct{ Number int }

// Kind implements jobs.Job.
func (Probe) Kind() string { return "probe.note" }

// Note is the effect.
func Note(ctx context.Context, tx pgx.Tx, p Probe) error {
	_, err := tx.Exec(ctx, `insert into probe.effects (number) values ($1)`, p.Number)
	return err
}

// Station is a database and the workers on it.
type Station struct {
	Options  db.Options
	Database *db.DB
	Mux      *jobs.Mux

	// Done gets a word for each job that is done.
	Done chan struct{}

	provider Provider
}

// New returns a station without workers.
func New(t testing.TB, p Provider) *Station {
	t.Helper()
	o := dbtest.Options(t, jobs.Schema(), db.Schema{Name: "probe", Files: fstest.MapFS{"0001_effects.sql": {Data: []byte(`-- +goose Up
create table probe.effects (number integer not null);
create table probe.plain (id bigint generated always as identity primary key, payload jsonb not null);
grant select, insert, delete on probe.effects, probe.plain to myapp_probe;
`)}}})
	o.MaxConns = Workers + 2
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	return &Station{Options: o, Database: database, Mux: jobs.NewMux(), Done: make(chan struct{}, 200_000), provider: p}
}

// Handle makes fn the handler of probes.
func (s *Station) Handle(fn func(context.Context, pgx.Tx, Probe) error, limits ...jobs.Limit) {
	jobs.Handle(s.Mux, s.Database.As("probe"), fn, limits...)
}

// Start starts a worker, whose sweeper takes for lost what was fetched half a second ago. What it returns stops it. If some
// handler does not end, what the engine needs stays open until the test ends.
func (s *Station) Start(t testing.TB) (stop func(patience time.Duration) error) {
	t.Helper()
	engine, closeIt := s.provider.Open(t, s.Options)
	worker := jobs.NewWorker(s.Database, engine, s.Mux, jobs.Options{
		Log: slog.New(onDone{slog.DiscardHandler, s.Done}), SweepAfter: 500 * time.Millisecond,
	})
	if err := worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	closeIt = sync.OnceFunc(closeIt)
	t.Cleanup(closeIt)
	return func(patience time.Duration) error {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err := worker.Stop(ctx)
		if err == nil {
			closeIt()
		}
		return err
	}
}

// Run starts a worker that is stopped at the end of the test.
func (s *Station) Run(t testing.TB) {
	t.Helper()
	stop := s.Start(t)
	t.Cleanup(func() {
		if err := stop(patience); err != nil {
			t.Error(err)
		}
	})
}

// Enqueue enqueues the numbers from first to last in one transaction.
func (s *Station) Enqueue(t testing.TB, first, last int, options ...jobs.Option) {
	t.Helper()
	s.EnqueueFor(t.Context(), t, first, last, options...)
}

// EnqueueFor is Enqueue by whoever acts in ctx.
func (s *Station) EnqueueFor(ctx context.Context, t testing.TB, first, last int, options ...jobs.Option) {
	t.Helper()
	var probes []Probe
	for number := first; number <= last; number++ {
		probes = append(probes, Probe{number})
	}
	err := s.Database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return jobs.EnqueueAll(ctx, tx, probes, options...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Await returns when n jobs were done.
func (s *Station) Await(t testing.TB, n int) {
	t.Helper()
	limit := time.After(time.Minute)
	for i := range n {
		select {
		case <-s.Done:
		case <-limit:
			t.Fatalf("after a minute %d of %d jobs are done", i, n)
		}
	}
}

// Count returns how many jobs are not done, how many effects there are, and of how many jobs.
func (s *Station) Count(t testing.TB) (left, effects, distinct int) {
	t.Helper()
	const counts = `select (select count(*) from jobs.jobs), count(*), count(distinct number) from probe.effects`
	err := s.Database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, counts).Scan(&left, &effects, &distinct)
	})
	if err != nil {
		t.Fatal(err)
	}
	return left, effects, distinct
}

// Exec changes the database as its owner, however long that takes.
func (s *Station) Exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	err := s.Database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local statement_timeout = 0`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// onDone turns the line that is logged for each job that is done into a word on a channel.
type onDone struct {
	slog.Handler

	done chan<- struct{}
}

// Enabled implements slog.Handler.
func (onDone) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (h onDone) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "job done" {
		h.done <- struct{}{}
	}
	return nil
}
