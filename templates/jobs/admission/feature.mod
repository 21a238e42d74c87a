// Admission refuses what can wait while what waits is old: a request that
// asks for a job of a low queue is told to come back, and critical work goes on.
feature admission
summary "requests for low jobs are put off while old ones wait"
needs jobs

env (
	// How long a job of the queue low or bulk may have waited before requests of its tenant for more of them are answered with
	// 503; where more than ten tenants wait so long, those of everybody. Zero never refuses.
	JOBS_ADMIT_AGE 5m
)

require github.com/jackc/pgx/v5 v5.12.0
