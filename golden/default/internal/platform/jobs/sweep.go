package jobs

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// batch is how many rows are taken at once.
const batch = 100

// A row that is being run is locked, and therefore left alone however long it takes.
const takeLost = `
	with lost as (
		select id from jobs.river_job where state = 'running' and attempted_at < now() - make_interval(secs => $2)
		order by id limit $1 for update skip locked
	)
	update jobs.river_job j set attempted_at = null, deliveries = deliveries + 1 from lost where j.id = lost.id
	returning j.job_id::text, j.kind, j.attempts, j.request_id, j.deliveries`

// sweep puts back what was fetched more than seconds ago by a process that is no more. Of a job that took its process with it
// too often it makes a dead letter. More says that there may be others.
func (r *runner) sweep(ctx context.Context, seconds float64) (more bool, err error) {
	lost, deaths, err := r.takeLost(ctx, seconds)
	if err != nil {
		return false, fmt.Errorf("sweep jobs: %w", err)
	}
	for i, job := range lost {
		if deaths[i] <= maxDeaths {
			r.log.WarnContext(job.context(ctx), "job put back: its process died", "deaths", deaths[i])
			continue
		}
		if err := r.failed(job.context(ctx), job, Permanent(errDied)); err != nil {
			return false, err
		}
	}
	return len(lost) == batch, nil
}

func (r *runner) takeLost(ctx context.Context, seconds float64) (lost []row, deaths []int, err error) {
	err = r.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, takeLost, batch, seconds)
		if err != nil {
			return err
		}
		var job row
		var died int
		_, err = pgx.ForEachRow(rows, []any{&job.id, &job.kind, &job.attempts, &job.requestID, &died}, func() error {
			lost, deaths = append(lost, job), append(deaths, died)
			return nil
		})
		return err
	})
	return lost, deaths, err
}
