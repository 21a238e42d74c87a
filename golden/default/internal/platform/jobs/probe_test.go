package jobs

import (
	"context"
	"log/slog"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// probe is a job whose effect is a row: how often a name stands in probe.effects is how often the job had an effect.
type probe struct{ Name string }

func (probe) Kind() string { return "probe.note" }

func (p probe) note(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `insert into probe.effects (name) values ($1)`, p.Name)
	return err
}

func probeSchema() db.Schema {
	return db.Schema{Name: "probe", Files: fstest.MapFS{"0001_effects.sql": {Data: []byte(`-- +goose Up
create table probe.effects (name text not null);
grant select, insert on probe.effects to myapp_probe;
`)}}}
}

// fixture is a database with both schemas and a runner.
type fixture struct {
	t        *testing.T
	database *db.DB
	mux      *Mux
	runner   *runner
}

func setUp(t *testing.T) *fixture {
	t.Helper()
	database := dbtest.New(t, Schema(), probeSchema())
	f := &fixture{t: t, database: database, mux: NewMux()}
	f.runner = &runner{
		database: database.As(schemaName), mux: f.mux, log: slog.New(slog.DiscardHandler),
		backoff: func(int) time.Duration { return time.Hour },
	}
	return f
}

// handle makes fn the handler of probes, as the role of the schema probe.
func (f *fixture) handle(fn func(context.Context, pgx.Tx, probe) error, limits ...Limit) {
	Handle(f.mux, f.database.As("probe"), fn, limits...)
}

// enqueue enqueues as a domain does, and returns the ids of all jobs there are.
func (f *fixture) enqueue(options []Option, jobs ...Job) []string {
	f.t.Helper()
	err := f.database.As("probe").InTx(f.t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		for _, j := range jobs {
			if err := Enqueue(ctx, tx, j, options...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return query[string](f, `select id::text from jobs.jobs order by created_at, id`)
}

// run runs a probe as an engine does that delivers it.
func (f *fixture) run(ctx context.Context, id string) error {
	return f.runner.run(ctx, id, probe{}.Kind())
}

// effects is how often a probe of that name had its effect.
func (f *fixture) effects(name string) int {
	f.t.Helper()
	return query[int](f, `select count(*) from probe.effects where name = $1`, name)[0]
}

// exec changes the database as its owner, for what takes hours otherwise.
func (f *fixture) exec(sql string, args ...any) {
	f.t.Helper()
	err := f.database.InTx(f.t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// query returns the first column of what the owner of the database reads.
func query[T any](f *fixture, sql string, args ...any) (values []T) {
	f.t.Helper()
	err := f.database.Read(f.t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		values, err = pgx.CollectRows(rows, pgx.RowTo[T])
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return values
}
