package app

import (
	"context"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/riverengine"
)

// engineConns is what River uses besides the handlers: to fetch, to write down, and to clean up.
const engineConns = 3

// work runs the jobs of the domains, if the process has that role. They have connections of their own: a handler holds one as
// long as it runs, and jobs that wait for something slow would leave none for requests.
func (a *App) work(ctx context.Context, role role, shared *db.DB, domains []domain) error {
	// A signal that comes meanwhile stops what is open in its order, and is no failure to open.
	ctx = context.WithoutCancel(ctx)
	mux, err := a.jobHandlers(ctx, shared, domains)
	if err != nil || !role.jobs {
		return err
	}
	options := databaseOptions(a.cfg)
	options.MaxConns = a.cfg.JobsConcurrency + 1 // the sweeper
	for _, most := range jobs.Vendors() {
		options.MaxConns += most
	}
	database, err := db.Open(ctx, options)
	if err != nil {
		return err
	}
	a.onClose("postgres for jobs", func(context.Context) error { database.Close(); return nil })

	options.MaxConns = engineConns
	sessions, err := db.Sessions(ctx, options, jobs.Schema().Name)
	if err != nil {
		return err
	}
	a.onClose("postgres for river", func(context.Context) error { sessions.Close(); return nil })

	engine := riverengine.New(sessions, riverengine.Options{Concurrency: a.cfg.JobsConcurrency, Log: a.log})
	worker := jobs.NewWorker(database, engine, mux, jobs.Options{Log: a.log})
	if err := worker.Start(ctx); err != nil {
		return err
	}
	a.onClose("jobs", worker.Stop)
	return nil
}
