package idempotency

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
)

// forgotten is how many keys one job deletes at most.
const forgotten = 2000

// upkeep deletes what is too old.
type upkeep struct{}

// Kind implements jobs.Job.
func (upkeep) Kind() string { return "idempotency.upkeep" }

// Jobs adds what deletes each hour the keys that are too old.
func Jobs(m *jobs.Mux, d *db.DB) {
	jobs.Handle(m, d.As(Schema().Name), forget)
	jobs.Every(m, "idempotency.upkeep", jobs.Interval(time.Hour), upkeep{})
}

// forget leaves what is more than one job deletes to the next job.
func forget(ctx context.Context, tx pgx.Tx, _ upkeep) error {
	const over = `
		delete from idempotency.keys where id = any (array(
			select id from idempotency.keys where created_at < now() - $1::interval order by created_at limit $2 for update skip locked))`
	tag, err := tx.Exec(ctx, over, ttl, forgotten)
	if err != nil {
		return fmt.Errorf("forget old keys: %w", err)
	}
	if tag.RowsAffected() == forgotten {
		return jobs.Enqueue(ctx, tx, upkeep{})
	}
	return nil
}
