package idempotency

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/jobs"
)

func TestKeysThatAreTooOldGoThoughNoneComes(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, jobs.Schema(), Schema())
	err := database.InTx(t.Context(), dbtest.Exec(`
		insert into idempotency.keys (id, request_hash, locked_until, created_at)
		select int4send(n), '', now(), now() - case when n < 2500 then interval '72 hours 1 minute' else interval '71 hours' end
		from generate_series(1, 2502) n`))
	if err != nil {
		t.Fatal(err)
	}
	// How many keys are left after each job, and how many jobs for the rest there are by then.
	want := [][]int{
		{502, 1},
		{3, 1},
	}
	var got [][]int
	for range want {
		err := database.As("idempotency").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error { return forget(ctx, tx, upkeep{}) })
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, dbtest.Value[[]int](t, database, `select array[(select count(*) from idempotency.keys), (select count(*) from jobs.jobs)]`))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
