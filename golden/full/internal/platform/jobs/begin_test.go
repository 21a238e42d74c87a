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
	id := f.enqueue(nil, probe{"a"})[0]
	for range maxDeaths {
		// What is left of a run when its process dies: it was begun, and everything after that was rolled back.
		if err := f.runner.begin(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	worker := Worker{runner: f.runner}
	if err := worker.deliver(t.Context(), Task{ID: id, Kind: probe{}.Kind(), Lost: true}); err != nil {
		t.Fatal(err)
	}
	dead := query[string](f, `select last_error from jobs.dead_letters`)
	if diff := cmp.Diff([]string{errDied.Error()}, dead); diff != "" || f.effects("a") != 0 {
		t.Errorf("%d effects, and the dead letters are\n%s", f.effects("a"), diff)
	}
}
