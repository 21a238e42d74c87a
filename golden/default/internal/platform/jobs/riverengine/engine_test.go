package riverengine_test

import (
	"log/slog"
	"testing"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/jobs/riverengine"
)

// provider is River, which begins what it fetches at once.
var provider = jobstest.Provider{
	Open: func(t testing.TB, o db.Options) (jobs.Engine, func()) {
		t.Helper()
		o.MaxConns = 3
		sessions, err := db.Sessions(t.Context(), o, "jobs")
		if err != nil {
			t.Fatal(err)
		}
		return riverengine.New(sessions, riverengine.Options{Concurrency: jobstest.Workers, Log: slog.New(slog.DiscardHandler)}), sessions.Close
	},
	Abandon: `
		update jobs.river_job
		set state = 'running', attempt = 1, attempted_at = (select attempted_at from jobs.river_job where job_id = $2)
		where job_id = $1`,
}

func TestRiverIsAnEngine(t *testing.T) {
	jobstest.Run(t, provider)
}
