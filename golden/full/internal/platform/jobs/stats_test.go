package jobs

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
)

func TestTheJobsOfEachQueueAreCounted(t *testing.T) {
	f := setUp(t)
	fail := errors.New("not today")
	f.handle(func(context.Context, pgx.Tx, probe) error { return fail })
	if err := f.run(t.Context(), f.enqueue(nil, probe{"retried"})[0]); err != nil {
		t.Fatal(err)
	}
	fail = Permanent(fail)
	f.enqueue([]Option{Queue(Bulk)}, probe{"dead"})
	if err := f.run(t.Context(), query[string](f, `select id::text from jobs.jobs where queue = 'bulk'`)[0]); err != nil {
		t.Fatal(err)
	}
	f.enqueue([]Option{Queue(Low)}, probe{"old"}, probe{"young"})
	f.enqueue([]Option{Queue(Low), At(time.Now().Add(time.Hour))}, probe{"later"})
	f.exec(`update jobs.jobs set run_at = now() - interval '90 seconds' where payload->>'Name' = 'old'`)
	f.enqueue([]Option{Queue(Critical)}, probe{"running"})
	f.exec(`update jobs.jobs set pushed_at = now() where queue = 'critical'`)
	var got []QueueStats
	err := f.database.As(schemaName).InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from jobs.jobs where queue = 'critical'`) // as who runs it
		if err == nil {
			got, err = Stats(ctx, f.database)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []QueueStats{
		{Queue: Bulk, Dead: 1},
		{Queue: Critical, Begun: 1},
		{Queue: Default, Later: 1, Retried: 1},
		{Queue: Low, Waiting: 2, Later: 1, OldestSeconds: 90},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 60)); diff != "" {
		t.Error(diff)
	}
}

func TestAJobThatTheEngineHasAndNoWorkerWaits(t *testing.T) {
	f := setUp(t)
	relay, _ := relayTo(f)
	f.enqueue(nil, probe{"a"}, probe{"b"})
	if _, err := relay.pushDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := Stats(t.Context(), f.database)
	if err != nil || len(got) != 1 || got[0].Waiting != 2 || got[0].Begun != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
