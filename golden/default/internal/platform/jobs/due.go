package jobs

import (
	"context"
	"log/slog"

	"example.com/myapp/internal/platform/db"
)

// RunDue runs in this goroutine, without an engine, what is due and what becomes due by that, and returns how many jobs it
// ran. It is for the tests of domains. What handlers return is recorded and logged as ever.
func RunDue(ctx context.Context, d *db.DB, m *Mux, log *slog.Logger) (int, error) {
	const due = `select id::text from jobs.jobs where run_at <= now() order by run_at, id`
	d = d.As(schemaName)
	r := &runner{database: d, mux: m, log: log, backoff: backoff}
	for runs := 0; ; {
		jobs, err := db.All[struct{ ID string }](ctx, d, due)
		if err != nil || len(jobs) == 0 {
			return runs, err
		}
		for _, job := range jobs {
			runs++
			if err := r.run(ctx, job.ID); err != nil {
				return runs, err
			}
		}
	}
}
