package events

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
)

// upkeep makes the next months and drops the old ones.
type upkeep struct{}

// Kind implements jobs.Job.
func (upkeep) Kind() string { return "events.upkeep" }

// Jobs adds what the history needs each hour: a month is made before it begins and dropped when all of it is older than keep,
// and who has not listened for a day, in any process, is taken off the list. Its clock is that of Postgres: one that is wrong
// would drop what is not old.
func Jobs(m *jobs.Mux, d *db.DB, keep time.Duration) {
	jobs.Handle(m, d.As(schemaName), func(ctx context.Context, tx pgx.Tx, _ upkeep) error { return maintain(ctx, tx, m, keep) })
	jobs.Every(m, "events.upkeep", jobs.Interval(time.Hour), upkeep{})
}

func maintain(ctx context.Context, tx pgx.Tx, m *jobs.Mux, keep time.Duration) error {
	if err := listen(ctx, tx, m); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from events.subscriptions where seen_at < now() - interval '1 day'`); err != nil {
		return fmt.Errorf("forget who does not listen: %w", err)
	}
	if _, err := tx.Exec(ctx, `select events.upkeep(now(), make_interval(secs => $1))`, keep.Seconds()); err != nil {
		return fmt.Errorf("make and drop months: %w", err)
	}
	return nil
}
