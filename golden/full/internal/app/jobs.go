package app

import (
	"context"

	"example.com/myapp/internal/platform/clock"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/idempotency"
	"example.com/myapp/internal/platform/jobs"
)

// jobHandlers are all that is done later, by the domains and by the platform, on that database. A process that does none of it
// has them too, since it may be the first that knows them.
func (a *App) jobHandlers(ctx context.Context, database *db.DB, domains []domain) (*jobs.Mux, error) {
	mux := jobs.NewMux()
	for _, d := range domains {
		d.Jobs(mux)
	}
	events.Jobs(mux, database, a.cfg.EventsRetention)
	// A signal that comes meanwhile stops what is open in its order, and is no failure to open.
	if err := events.Subscribe(context.WithoutCancel(ctx), database, mux); err != nil {
		return nil, err
	}
	clock.Jobs(mux, database)
	idempotency.Jobs(mux, database)
	jobs.ForgetOperations(mux, database, a.cfg.OperationsRetention)
	return mux, nil
}
