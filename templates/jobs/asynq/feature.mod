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
needs worker

env (
	// Comes before the names of the queues, for several environments on one Redis. Empty is none.
	JOBS_PREFIX ""
)

require github.com/hibiken/asynq v0.26.0
