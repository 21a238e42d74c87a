package app

import (
	"context"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/riverengine"
)

// soakEngine is the engine of a process, as work makes it.
func (a *App) soakEngine(ctx context.Context) (jobs.Engine, error) {
	options := databaseOptions(a.cfg)
	options.MaxConns = engineConns
	sessions, err := db.Sessions(ctx, options, jobs.Schema().Name)
	if err != nil {
		return nil, err
	}
	a.onClose("postgres for river", func(context.Context) error { sessions.Close(); return nil })
	return riverengine.New(sessions, riverengine.Options{Concurrency: a.cfg.JobsConcurrency, Log: a.log}), nil
}
