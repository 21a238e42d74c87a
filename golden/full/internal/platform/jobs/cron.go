package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// cronPause is the pause between two looks at the clock, and so how late a tick may be.
const cronPause = time.Second

// cron enqueues what the schedules of the Mux say. It runs in every worker, and there is no leader: of those who see a tick,
// the one that moves the row of its name forward enqueues the job, in the same transaction.
type cron struct {
	database *db.DB // as the role of the schema jobs
	mux      *Mux
	now      func() time.Time

	// seen is the tick of each name that needs no further look at the database.
	seen map[string]time.Time
}

func newCron(d *db.DB, m *Mux) *cron {
	return &cron{database: d, mux: m, now: time.Now, seen: map[string]time.Time{}}
}

// tick enqueues what is due.
func (c *cron) tick(ctx context.Context) (more bool, err error) {
	now := c.now()
	for _, t := range c.mux.timetables {
		due := t.schedule(now)
		if !due.After(c.seen[t.name]) {
			continue
		}
		seen, err := c.enqueue(authz.With(ctx, authz.System(id.UUID{})), t, due)
		if err != nil {
			return false, fmt.Errorf("tick of %s: %w", t.name, err)
		}
		if seen {
			c.seen[t.name] = due
		}
	}
	return false, nil
}

// enqueue does nothing if the tick, or a later one, was seen before: a process whose clock is behind repeats nothing. Nor does it
// if by the clock of Postgres the tick is still to come: one whose clock is ahead would leave nothing to the others. Such a tick is
// not seen yet, and looked for again.
func (c *cron) enqueue(ctx context.Context, t timetable, due time.Time) (seen bool, err error) {
	const meet = `insert into jobs.ticks (name, due_at) values ($1, least($2, now())) on conflict do nothing`
	const move = `update jobs.ticks set due_at = $2 where name = $1 and due_at < $2 and $2 < now() + interval '1 minute'`
	const look = `select due_at >= $2 from jobs.ticks where name = $1`
	err = c.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, meet, t.name, due); err != nil {
			return err
		}
		moved, err := tx.Exec(ctx, move, t.name, due)
		if err != nil {
			return err
		}
		if moved.RowsAffected() == 0 {
			return tx.QueryRow(ctx, look, t.name, due).Scan(&seen)
		}
		seen = true
		return Enqueue(ctx, tx, t.job, t.options...)
	})
	return seen, err
}
