package jobs

import (
	"context"
	"fmt"

	"example.com/myapp/internal/platform/db"
)

// QueueStats is what there is of one queue. Dead and OldestSeconds are what one is woken for.
type QueueStats struct {
	Queue string `json:"queue"`

	// Waiting are due and wait for a worker, Begun have one, and Later are not due yet.
	Waiting int `json:"waiting"`
	Begun   int `json:"begun"`
	Later   int `json:"later"`

	// Retried are those of all of them that failed before, Dead are the dead letters.
	Retried int `json:"retried"`
	Dead    int `json:"dead"`

	// OldestSeconds is for how long the oldest of those that wait is due.
	OldestSeconds float64 `json:"oldest_seconds"`
}

// Stats counts the jobs of each queue in which there are any. It reads every row, so it is for people, and for a metric that is
// read a few times a minute.
func Stats(ctx context.Context, d *db.DB) ([]QueueStats, error) {
	const count = `
		select queue, count(*) filter (where waits) as waiting, count(*) filter (where not waits and run_at <= now() and not dead) as begun,
			count(*) filter (where run_at > now()) as later, count(*) filter (where attempts > 0) as retried,
			count(*) filter (where dead) as dead,
			coalesce(extract(epoch from now() - min(run_at) filter (where waits)), 0)::float8 as oldest_seconds
		from (
			select queue, run_at, attempts, ` + waits + ` as waits, false as dead from jobs.jobs
			union all
			select queue, created_at, 0, false, true from jobs.dead_letters
		) every
		group by queue order by queue`
	stats, err := db.All[QueueStats](ctx, d.As(schemaName), count)
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return stats, nil
}

// waits is true of a job that is due and that no worker has: none that goes on has taken its row.
const waits = `run_at <= now() and (pushed_at is null or xmax not in (
	select transactionid from pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted))`
