package app

import (
	"context"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/asynqengine"
	"example.com/myapp/internal/platform/redis"
)

// work runs the jobs of the domains.
func (a *App) work(ctx context.Context, database *db.DB, cache *redis.Client, domains []domain) error {
	mux := jobs.NewMux()
	for _, d := range domains {
		d.Jobs(mux)
	}
	engine := asynqengine.New(cache, asynqengine.Options{
		Prefix:      a.cfg.JobsPrefix + name,
		Concurrency: a.cfg.JobsConcurrency,
		Log:         a.log,
	})
	worker := jobs.NewWorker(database, engine, mux, jobs.Options{Log: a.log})
	if err := worker.Start(ctx); err != nil {
		return err
	}
	a.onClose("jobs", worker.Stop)
	return nil
}
