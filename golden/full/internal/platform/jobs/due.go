package jobs

import (
	"context"
	"log/slog"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// RunDue runs in this goroutine, without an engine, what is due and what becomes due by that, and returns how many jobs it
// ran. It is for the tests of domains. What handlers return is recorded and logged as ever.
func RunDue(ctx context.Context, d *db.DB, m *Mux, log *slog.Logger) (int, error) {
	const due = `select id::text from jobs.jobs where run_at <= now() order by run_at, id`
	d = d.As(schemaName)
	r := &runner{database: d, mux: m, log: log, backoff: backoff}
	for runs := 0; ; {
		var ids []string
		err := d.Read(ctx, func(ctx context.Context, tx pgx.Tx) error {
			rows, err := tx.Query(ctx, due)
			if err != nil {
				return err
			}
			ids, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		if err != nil || len(ids) == 0 {
			return runs, err
		}
		for _, id := range ids {
			runs++
			if err := r.run(ctx, id); err != nil {
				return runs, err
			}
		}
	}
}
