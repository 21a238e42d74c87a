package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// Pending is a job that is not done, as people look at it.
type Pending struct {
	ID, Kind, Queue, TenantID, LastError string

	// Attempts is how often it failed; that of a job in steps, its present step.
	Attempts int

	// RunAt is when it is due, BeatAt when its last step ended.
	RunAt  time.Time
	BeatAt *time.Time

	// Done of Total is how far a job in steps has come.
	Done, Total int64

	// Canceled says that it ends before its next step.
	Canceled bool
}

// ErrNoJob is the answer to the id of no job that is to be done.
var ErrNoJob = errors.New("there is no such job")

const selectPending = `
	select id::text, kind, queue, coalesce(tenant_id::text, '') as tenant_id, last_error, attempts, run_at, beat_at,
		coalesce(done, 0) as done, coalesce(total, 0) as total, coalesce(canceled, false) as canceled
	from jobs.jobs left join jobs.steps on job_id = id`

// List returns the jobs that are due longest, at most limit, and after them those that are due later.
func List(ctx context.Context, d *db.DB, limit int) ([]Pending, error) {
	found, err := db.All[Pending](ctx, d.As(schemaName), selectPending+` order by run_at, id limit $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	return found, nil
}

// Find returns one.
func Find(ctx context.Context, d *db.DB, job string) (Pending, error) {
	key, err := id.ParseUUID(job)
	if err != nil {
		return Pending{}, fmt.Errorf("show %q: %w", job, ErrNoJob)
	}
	found, err := db.One[Pending](ctx, d.As(schemaName), selectPending+` where id = $1`, key.String())
	if db.NotFound(err) {
		err = ErrNoJob
	}
	if err != nil {
		return Pending{}, fmt.Errorf("show %q: %w", job, err)
	}
	return found, nil
}

// Cancel deletes a job that waits, and says so. One that is being run is done, unless it is one of steps: then the step that runs is
// its last, and it becomes a dead letter. A job that was canceled stays so when it is retried. What also does is in the same transaction.
func Cancel(ctx context.Context, d *db.DB, job string, also ...func(context.Context, pgx.Tx) error) (waited bool, err error) {
	key, err := id.ParseUUID(job)
	if err != nil {
		return false, fmt.Errorf("cancel %q: %w", job, ErrNoJob)
	}
	const waiting = `
		with free as (select id from jobs.jobs where id = $1 for update skip locked), steps as (
			delete from jobs.steps where job_id in (select id from free)
		)
		delete from jobs.jobs where id in (select id from free)`
	const running = `
		insert into jobs.steps (job_id, canceled) select id, true from jobs.jobs where id = $1
		on conflict (job_id) do update set canceled = true`
	err = d.As(schemaName).InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for _, statement := range []string{waiting, running} {
			done, err := tx.Exec(ctx, statement, key.String())
			if err != nil {
				return fmt.Errorf("cancel %q: %w", job, err)
			}
			if done.RowsAffected() == 0 {
				continue
			}
			waited = statement == waiting
			for _, do := range also {
				if err := do(ctx, tx); err != nil {
					return fmt.Errorf("cancel %q: %w", job, err)
				}
			}
			return nil
		}
		return fmt.Errorf("cancel %q: %w", job, ErrNoJob)
	})
	return waited, err
}
