package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// told collects what hooks say.
type told []string

// after returns a function for a transaction that writes text, says so after the commit, and ends with err.
func (l *told) after(text string, err error) func(context.Context, pgx.Tx) error {
	return func(ctx context.Context, tx pgx.Tx) error {
		db.AfterCommit(ctx, func(context.Context) { *l = append(*l, text) })
		return errors.Join(note(text)(ctx, tx), err)
	}
}

func TestAHookRunsAfterTheCommitAndNotAfterARollback(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes(), drafts())
	var list told
	fails := errors.New("fails")
	err := database.As("notes").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		db.AfterCommit(ctx, func(ctx context.Context) {
			list = append(list, stored(t, database)...)
			db.AfterCommit(ctx, func(context.Context) { list = append(list, "at once") })
		})
		return list.after("kept", nil)(ctx, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := database.As("notes").InTx(t.Context(), list.after("undone", fails)); !errors.Is(err, fails) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(told{"kept", "at once", "kept"}, list); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheHooksOfAUnitWaitForItsCommit(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes())
	fails := errors.New("fails")
	work := func(ctx context.Context, list *told) {
		t.Helper()
		_ = database.As("notes").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			_ = database.As("notes").InTx(ctx, list.after("inner", nil))
			_ = database.As("notes").InTx(ctx, list.after("inner undone", fails))
			return list.after("outer", nil)(ctx, tx)
		})
		_ = database.As("notes").InTx(ctx, func(ctx context.Context, _ pgx.Tx) error {
			return errors.Join(database.As("notes").InTx(ctx, list.after("inner of undone", nil)), fails)
		})
		db.AfterCommit(ctx, func(context.Context) { *list = append(*list, "between") })
		if len(*list) != 0 {
			t.Errorf("before the commit: %v", *list)
		}
	}
	var rolledBack, committed told
	ctx, unit := database.As("notes").Unit(t.Context())
	work(ctx, &rolledBack)
	unit.Rollback(ctx)

	ctx, unit = database.As("notes").Unit(t.Context())
	work(ctx, &committed)
	if err := unit.Commit(ctx, committed.after("last", nil)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]told{nil, {"inner", "outer", "between", "last"}}, []told{rolledBack, committed}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
