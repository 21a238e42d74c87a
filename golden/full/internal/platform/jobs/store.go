package jobs

// What becomes of a row of jobs.jobs that failed. The parameters are its id, its attempts, and those of the verdict.
const (
	putBack = `update jobs.jobs set pushed_at = null, deliveries = greatest(deliveries - 1, 0) where id = $1 and attempts = $2`

	tryAgain = `
		update jobs.jobs
		set attempts = attempts + 1, last_error = $3, errors = (errors || $4::text)[greatest(cardinality(errors) - 30, 1):],
			run_at = now() + make_interval(secs => $5), pushed_at = null
		where id = $1 and attempts = $2`
)
