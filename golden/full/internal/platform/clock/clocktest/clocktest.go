// Package clocktest lets days pass in the tests of domains.
package clocktest

import (
	"context"
	"log/slog"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/clock"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

// Pass lets so many days pass, one after the other: each is told to those who listen in m, and what is to be done later comes a
// day nearer. It returns when all that is due by then was run; what fails is in the log of the test. The schemas of d include
// that of the clock. now() in SQL stays where it is, and no schedule ticks.
func Pass(t testing.TB, d *db.DB, m *jobs.Mux, days int) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	if err := events.Subscribe(t.Context(), d, m); err != nil {
		t.Fatal(err)
	}
	for range days {
		if err := d.As(clock.Schema().Name).InTx(t.Context(), tomorrow); err != nil {
			t.Fatal(err)
		}
		nearer := dbtest.Exec(`update jobs.jobs set run_at = run_at - interval '1 day' where run_at > now()`)
		if err := d.As(jobs.Schema().Name).InTx(t.Context(), nearer); err != nil {
			t.Fatal(err)
		}
		if _, err := jobstest.RunDue(t.Context(), d, m, log); err != nil {
			t.Fatal(err)
		}
	}
}

// tomorrow tells the next day, as if it were over.
func tomorrow(ctx context.Context, tx pgx.Tx) error {
	var passed clock.DayPassed
	if err := tx.QueryRow(ctx, `update clock.last_day set day = day + 1 returning day::text`).Scan(&passed.Day); err != nil {
		return err
	}
	return events.Publish(ctx, tx, passed)
}
