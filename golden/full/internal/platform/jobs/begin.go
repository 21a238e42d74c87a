package jobs

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// begin counts the delivery of a job that was lost, in a transaction of its own, so that it stays counted if the process dies of
// the job: what a handler does wrong is counted as an attempt, but nobody is left to do that when memory runs out. Of a job that is
// being run elsewhere, or is not to be run, it counts nothing; run finds out which.
func (r *runner) begin(ctx context.Context, id string) error {
	const count = `
		update jobs.jobs set deliveries = deliveries + 1
		where id = (select id from jobs.jobs where id = $1 and run_at <= now() for update skip locked)
		returning id::text, kind, attempts, request_id, deliveries`
	var begun struct {
		ID, Kind, RequestID  string
		Attempts, Deliveries int
	}
	err := r.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, count, id).Scan(&begun.ID, &begun.Kind, &begun.Attempts, &begun.RequestID, &begun.Deliveries)
	})
	switch {
	case db.NotFound(err):
		return nil
	case err != nil:
		return fmt.Errorf("take job %s: %w", id, err)
	case begun.Deliveries > maxDeaths:
		job := row{id: begun.ID, kind: begun.Kind, attempts: begun.Attempts, requestID: begun.RequestID}
		return r.failed(job.context(ctx), job, Permanent(errDied))
	}
	return nil
}
