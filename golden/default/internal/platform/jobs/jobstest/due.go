package jobstest

import (
	"context"
	"log/slog"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
)

// RunDue runs in this goroutine, without an engine, what is due and what becomes due by that, and returns how many jobs it
// ran. It is for the tests of domains. What handlers return is recorded and logged as ever.
func RunDue(ctx context.Context, d *db.DB, m *jobs.Mux, log *slog.Logger) (int, error) {
	const due = `select id::text, kind from jobs.jobs where run_at <= now() order by run_at, id`
	worker := jobs.NewWorker(d, nil, m, jobs.Options{Log: log})
	for runs := 0; ; {
		found, err := db.All[struct{ ID, Kind string }](ctx, d.As(jobs.Schema().Name), due)
		if err != nil || len(found) == 0 {
			return runs, err
		}
		for _, job := range found {
			runs++
			if err := worker.Run(ctx, job.ID, job.Kind); err != nil {
				return runs, err
			}
		}
	}
}
