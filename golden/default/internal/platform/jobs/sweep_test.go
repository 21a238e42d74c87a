package jobs

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestAJobThatKillsItsProcessAgainAndAgainIsGivenUp(t *testing.T) {
	f := setUp(t)
	f.handle(func(ctx context.Context, tx pgx.Tx, p probe) error { return p.note(ctx, tx) })
	f.enqueue(nil, probe{"a"})
	for range maxDeaths + 1 {
		// What is left of a run when its process dies: the row is marked as running, and nobody holds it.
		f.exec(`update jobs.river_job set state = 'running', attempted_at = now() - interval '1 minute' where queue = 'default'`)
		if _, err := f.runner.sweep(t.Context(), 15); err != nil {
			t.Fatal(err)
		}
	}
	dead := query[string](f, `select last_error from jobs.dead_letters`)
	if diff := cmp.Diff([]string{errDied.Error()}, dead); diff != "" || f.effects("a") != 0 {
		t.Errorf("%d effects, and the dead letters are\n%s", f.effects("a"), diff)
	}
}

func TestARowThatIsHeldIsNotTakenForLost(t *testing.T) {
	f := setUp(t)
	id := f.enqueue(nil, probe{"a"})[0]
	f.exec(`update jobs.river_job set state = 'running', attempted_at = now() - interval '1 hour' where queue = 'default'`)
	err := f.database.As(schemaName).InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from jobs.jobs where id = $1 for update`, id); err != nil {
			return err
		}
		_, err := f.runner.sweep(ctx, 15)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := query[string](f, `select state::text from jobs.river_job where queue = 'default'`); len(got) != 1 || got[0] != "running" {
		t.Errorf("got %v", got)
	}
}
