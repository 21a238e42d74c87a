package config

// checkJobs refuses what the worker cannot run with.
func (c Config) checkJobs() Problems {
	var f faults
	f.unless(c.JobsConcurrency >= 1, "JOBS_CONCURRENCY", atLeast1)
	return f.found
}
