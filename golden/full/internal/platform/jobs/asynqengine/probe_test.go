package asynqengine_test

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
	"example.com/myapp/internal/platform/jobs/asynqengine"
	"example.com/myapp/internal/platform/redis"
)

// probe is a job whose effect is a row: how often a number stands in probe.effects is how often the job had an effect.
type probe struct{ Number int }

func (probe) Kind() string { return "probe.note" }

func note(ctx context.Context, tx pgx.Tx, p probe) error {
	_, err := tx.Exec(ctx, `insert into probe.effects (number) values ($1)`, p.Number)
	return err
}

func openDatabase(t testing.TB) *db.DB {
	t.Helper()
	return dbtest.New(t, jobs.Schema(), db.Schema{Name: "probe", Files: fstest.MapFS{"0001_effects.sql": {Data: []byte(`-- +goose Up
create table probe.effects (number integer not null);
grant select, insert on probe.effects to myapp_probe;
`)}}})
}

// station is a database and a worker under test.
type station struct {
	database *db.DB
	mux      *jobs.Mux
	engine   *watched
	worker   *jobs.Worker

	// done gets a word for each job that is done.
	done chan struct{}
}

// newStation returns a worker that has not started.
func newStation(t *testing.T, client *redis.Client) *station {
	t.Helper()
	s := &station{database: openDatabase(t), mux: jobs.NewMux(), done: make(chan struct{}, 10_000)}
	if client != nil {
		s.use(client)
	}
	return s
}

// use makes the worker. It pushes again what is not done after half a second.
func (s *station) use(client *redis.Client) {
	s.engine = &watched{
		Engine:    asynqengine.New(client, asynqengine.Options{Prefix: "test", Concurrency: 8}),
		delivered: make(chan error, 10_000),
	}
	s.worker = jobs.NewWorker(s.database, s.engine, s.mux, jobs.Options{
		Log: slog.New(onDone{slog.DiscardHandler, s.done}), Poll: 10 * time.Millisecond, SweepAfter: 500 * time.Millisecond,
	})
}

// handle makes fn the handler of probes.
func (s *station) handle(fn func(context.Context, pgx.Tx, probe) error) {
	jobs.Handle(s.mux, s.database.As("probe"), fn)
}

// start starts the worker and stops it at the end of the test.
func (s *station) start(t *testing.T) {
	t.Helper()
	if err := s.worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(t, 10*time.Second) })
}

func (s *station) stop(t *testing.T, patience time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.worker.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func (s *station) enqueue(t *testing.T, numbers ...int) {
	t.Helper()
	err := s.database.As("probe").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		for _, number := range numbers {
			if err := jobs.Enqueue(ctx, tx, probe{number}); err != nil {
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
func (s *station) await(t *testing.T, n int) {
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
func (s *station) count(t *testing.T) (left, effects, distinct int) {
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

// task returns what the relay would push of a job.
func (s *station) task(t *testing.T) jobs.Task {
	t.Helper()
	task := jobs.Task{Kind: probe{}.Kind(), Queue: jobs.Default, Timeout: time.Minute}
	err := s.database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select id::text from jobs.jobs limit 1`).Scan(&task.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	return task
}

// watched is an engine that tells what became of each delivery.
type watched struct {
	jobs.Engine

	delivered chan error
}

func (w *watched) Start(run func(context.Context, string) error) error {
	return w.Engine.Start(func(ctx context.Context, id string) error {
		err := run(ctx, id)
		w.delivered <- err
		return err
	})
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
