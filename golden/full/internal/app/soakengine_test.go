package app

import (
	"context"

	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/asynqengine"
	"example.com/myapp/internal/platform/redis"
)

// soakEngine is the engine of a process, as work makes it.
func (a *App) soakEngine(context.Context) (jobs.Engine, error) {
	client, err := redis.Open(redis.Options{URL: a.cfg.RedisURL, Timeout: a.cfg.RedisTimeout})
	if err != nil {
		return nil, err
	}
	a.onClose("redis", func(context.Context) error { return client.Close() })
	return asynqengine.New(client, asynqengine.Options{Prefix: "soak", Concurrency: a.cfg.JobsConcurrency, Log: a.log}), nil
}
