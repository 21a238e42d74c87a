package jobs

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestTheFirstJobOfEachQueueThatWaitsForAnotherIsLetThrough(t *testing.T) {
	f := setUp(t)
	want := func(want ...string) {
		t.Helper()
		got := query[string](f, `
			select r.priority || ' ' || (payload->>'Name') from jobs.jobs join jobs.river_job r on job_id = jobs.id
			order by r.state, r.priority, r.scheduled_at, r.id`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("jobs, each with its place, in order (-want +got):\n%s", diff)
		}
	}
	letThrough := func() {
		t.Helper()
		err := f.database.As(schemaName).InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `select jobs.let_through()`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	f.enqueue([]Option{Queue(Low)}, probe{"low 1"}, probe{"low 2"})
	letThrough()
	want("3 low 1", "3 low 2")

	f.enqueue(nil, probe{"default 1"}, probe{"default 2"})
	f.enqueue([]Option{Queue(Critical)}, probe{"critical 1"}, probe{"critical 2"})
	letThrough()
	want("1 low 1", "1 default 1", "1 critical 1", "1 critical 2", "2 default 2", "3 low 2")

	// One that failed is tried again in its own queue.
	f.exec(`update jobs.jobs set run_at = now() + interval '1 hour' where payload->>'Name' = 'low 1'`)
	want("1 default 1", "1 critical 1", "1 critical 2", "2 default 2", "3 low 2", "3 low 1")
}
