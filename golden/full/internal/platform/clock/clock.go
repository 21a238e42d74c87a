// Package clock tells that a day is over.
//
//	schedule -> job -> clock.last_day moves on, and DayPassed is published: one transaction -> those who listen
//
// A day is one of UTC, and is over when the clock of Postgres says so; it is told two minutes later. Every day is told once, and
// none is left out: those that passed while no worker ran are told when one runs again, in their order, up to 31 in a transaction,
// which the next one follows at once.
//
// What is to be done each hour, and not once for each hour that there was, is jobs.Every.
package clock

import (
	"context"
	"embed"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/jobs"
)

//go:embed migrations/*.sql
var migrations embed.FS

const schemaName = "clock"

// Schema is the part of the database that knows which day was told last: at first the one before it was made. It needs those of
// jobs and events.
func Schema() db.Schema { return db.NewSchema(schemaName, migrations) }

// DayPassed tells that a day is over, for all tenants. It may come late and, as all events do, before the one of the day before:
// who listens does what is due on that day or earlier, and reckons with Day and not with now.
type DayPassed struct {
	// Day is that day, as 2030-01-31.
	Day string `json:"day"`
}

// EventType implements events.Event.
func (DayPassed) EventType() string { return "clock.day_passed.v1" }

const (
	// most is how many days are told in one transaction.
	most = 31

	// late is how long after the hour is looked: a process whose clock is ahead may be a minute early, which would be the day before.
	late = 2 * time.Minute
)

// tellDays tells the days that are over.
type tellDays struct{}

// Kind implements jobs.Job.
func (tellDays) Kind() string { return "clock.tell_days" }

// Jobs adds the telling. It is done each hour, so that a midnight without a database costs an hour and not a day.
func Jobs(m *jobs.Mux, d *db.DB) {
	jobs.Handle(m, d.As(schemaName), tell)
	jobs.Every(m, "clock.tell_days", afterTheHour, tellDays{})
}

func afterTheHour(now time.Time) time.Time {
	return jobs.Interval(time.Hour)(now.Add(-late)).Add(late)
}

// tell publishes as many days as one transaction may. Who tells a day holds the row: another one waits, and finds it told.
func tell(ctx context.Context, tx pgx.Tx, _ tellDays) error {
	const next = `update clock.last_day set day = day + 1 where day + 1 < (now() at time zone 'UTC')::date returning day::text`
	for range most {
		var passed DayPassed
		err := tx.QueryRow(ctx, next).Scan(&passed.Day)
		if db.NotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find the next day: %w", err)
		}
		if err := events.Publish(ctx, tx, passed); err != nil {
			return err
		}
	}
	return jobs.Enqueue(ctx, tx, tellDays{})
}
