package events_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

// painted is an event of the domain that the tests play: a wall, the version that it has since, and its colour then.
type painted struct {
	Wall    string `json:"wall"`
	Version int    `json:"version"`
	Colour  string `json:"colour"`
}

func (painted) EventType() string { return "walls.painted.v1" }

// walls is the schema of that domain. How often a text stands in effects is how often a handler had that effect.
func walls() db.Schema {
	return db.Schema{Name: "walls", Files: fstest.MapFS{"0001_walls.sql": {Data: []byte(`-- +goose Up
create table walls.effects (what text not null);
create table walls.copies (wall text primary key, version integer not null, colour text not null);
grant select, insert, update on walls.effects, walls.copies to myapp_walls;
`)}}}
}

// street is a database with what the tests need around it.
type street struct {
	t        *testing.T
	database *db.DB
	domain   *db.DB
	mux      *jobs.Mux
}

func newStreet(t *testing.T) *street {
	t.Helper()
	t.Parallel()
	return openStreet(t, dbtest.Options(t, jobs.Schema(), events.Schema(), walls()))
}

func openStreet(t *testing.T, o db.Options) *street {
	t.Helper()
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	return &street{t: t, database: database, domain: database.As("walls"), mux: jobs.NewMux()}
}

// on makes fn what a subscriber does, and tells the database.
func (s *street) on(subscriber string, fn func(context.Context, pgx.Tx, painted) error, limits ...jobs.Limit) {
	s.t.Helper()
	events.On(s.mux, s.domain, subscriber, fn, limits...)
	if err := events.Subscribe(s.t.Context(), s.database, s.mux); err != nil {
		s.t.Fatal(err)
	}
}

// note is a handler whose effect is the colour.
func note(ctx context.Context, tx pgx.Tx, e painted) error {
	_, err := tx.Exec(ctx, `insert into walls.effects values ($1)`, e.Colour)
	return err
}

// publish publishes the events in a transaction each.
func (s *street) publish(ctx context.Context, all ...events.Event) {
	s.t.Helper()
	for _, e := range all {
		err := s.domain.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error { return events.Publish(ctx, tx, e) })
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// run runs what is due.
func (s *street) run() {
	s.t.Helper()
	if _, err := jobstest.RunDue(s.t.Context(), s.database, s.mux, slog.New(slog.DiscardHandler)); err != nil {
		s.t.Fatal(err)
	}
}

// exec does something as the owner of the database.
func (s *street) exec(sql string, args ...any) {
	s.t.Helper()
	if err := s.database.InTx(s.t.Context(), dbtest.Exec(sql, args...)); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
}

// texts is the first column of a query, in order.
func (s *street) texts(query string, args ...any) []string {
	s.t.Helper()
	return dbtest.Value[[]string](s.t, s.database, `select coalesce(array_agg(x order by x), '{}') from (`+query+`) q (x)`, args...)
}

// effects are those that handlers had.
func (s *street) effects() []string {
	s.t.Helper()
	return s.texts(`select what from walls.effects`)
}

// count is the number of rows of a table.
func (s *street) count(table string) int {
	s.t.Helper()
	return dbtest.Value[int](s.t, s.database, `select count(*) from `+table)
}

// painter is a context in which a user of a tenant acts.
func painter(ctx context.Context) (_ context.Context, user, tenant id.UUID) {
	user, tenant = id.New(), id.New()
	return authz.With(ctx, authz.Principal{Kind: authz.User, ID: user, Tenant: tenant}), user, tenant
}
