package jobs

// What becomes of a row that failed. The parameters are its id, its attempts, and those of the verdict.
//
// The row is given a new number in River's table: River writes down how a delivery ended a little after it did, in batches,
// and would take a row that has been fetched again meanwhile for the one that it delivered.
const (
	putBack = `
		update jobs.river_job set id = nextval('jobs.river_job_id_seq'), state = 'available'
		where job_id = $1 and attempts = $2`

	tryAgain = `
		update jobs.river_job
		set id = nextval('jobs.river_job_id_seq'), state = 'retryable', attempts = attempts + 1, last_error = $3,
			failures = (failures || $4::text)[greatest(cardinality(failures) - 30, 1):],
			scheduled_at = now() + make_interval(secs => $5)
		where job_id = $1 and attempts = $2`

	// A row that is being run is locked, and therefore left alone however long it takes.
	takeLost = `
		with lost as (
			select id from jobs.river_job where state = 'running' and attempted_at < now() - make_interval(secs => $2)
			order by id limit $1 for update skip locked
		)
		update jobs.river_job j
		set id = nextval('jobs.river_job_id_seq'), state = 'available', deliveries = deliveries + 1
		from lost where j.id = lost.id
		returning j.job_id::text, j.kind, j.attempts, j.request_id, j.deliveries`
)
