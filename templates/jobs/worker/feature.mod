// The worker is what every provider of jobs has in common: jobs that are
// written in the transaction that wants them, handlers whose effects commit
// together with the end of the job, bounded retries, and dead letters.
feature worker // part
summary "jobs: typed, written in the transaction that wants them, retried, kept when they fail for good"
needs postgres
needs admin

env (
	// How many jobs one worker runs at once; it holds as many connections to the database, and a few more.
	// Zero is refused.
	JOBS_CONCURRENCY 10
)

require (
	github.com/google/go-cmp v0.7.0
	github.com/jackc/pgx/v5 v5.12.0
	go.uber.org/goleak v1.3.0
)
