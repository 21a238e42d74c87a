// Asynq runs work behind the request. A job is a row in Postgres, written in
// the transaction that wants it; Redis only dispatches. The row goes in the
// transaction of the job's effects, so a flushed Redis loses nothing and a
// job delivered twice has one effect.
feature asynq
summary "background jobs: rows in Postgres, dispatched through Redis, run once in effect"
ask "background jobs through Redis"
provides jobs
needs postgres
needs redis

env (
	// How many jobs a worker runs at once.
	JOBS_CONCURRENCY 10
	// What the names of the queues begin with, so that two deployments can
	// share a Redis. Empty for the name of the application.
	JOBS_PREFIX ""
)

require (
	github.com/hibiken/asynq v0.26.0
	go.uber.org/goleak v1.3.0
)
