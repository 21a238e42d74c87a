package db_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// drafts is a schema whose table has a constraint that waits for the commit.
func drafts() db.Schema {
	return schema("drafts", "0001_drafts.sql", `
		create table drafts.drafts (text text primary key, after text references drafts.drafts deferrable initially deferred);
		grant select, insert on drafts.drafts to myapp_drafts`)
}

// stored is all that lasts, in order.
func stored(t *testing.T, database *db.DB) []string {
	t.Helper()
	return dbtest.Value[[]string](t, database, `
		select coalesce(array_agg(t order by t), '{}') from
		(select text from notes.notes union all select text from drafts.drafts) as x (t)`)
}

func note(text string) func(context.Context, pgx.Tx) error {
	return dbtest.Exec("insert into notes.notes values ($1)", text)
}

func draft(text string) func(context.Context, pgx.Tx) error {
	return dbtest.Exec("insert into drafts.drafts values ($1)", text)
}

func TestTransactionsOfAUnitLastTogether(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes(), drafts())
	for name, end := range map[string]struct {
		end  func(context.Context, *db.Unit) error
		want []string
	}{
		"rollback":             {func(ctx context.Context, u *db.Unit) error { u.Rollback(ctx); return nil }, []string{}},
		"a commit that fails":  {func(ctx context.Context, u *db.Unit) error { return u.Commit(ctx, note("one")) }, []string{}},
		"a commit that is let": {func(ctx context.Context, u *db.Unit) error { return u.Commit(ctx, note("three")) }, []string{"one", "three", "two"}},
	} {
		ctx, unit := database.As("notes").Unit(t.Context())
		if err := errors.Join(database.As("notes").InTx(ctx, note("one")), database.As("drafts").InTx(ctx, draft("two"))); err != nil {
			t.Fatal(err)
		}
		if got := stored(t, database); len(got) != 0 {
			t.Errorf("before %s there is %v", name, got)
		}
		if err := end.end(ctx, unit); (err != nil) != (name == "a commit that fails") {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(end.want, stored(t, database)); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", name, diff)
		}
		if len(end.want) > 0 {
			clearNotes := dbtest.Exec("delete from notes.notes")
			if err := errors.Join(database.InTx(t.Context(), clearNotes), database.InTx(t.Context(), dbtest.Exec("delete from drafts.drafts"))); err != nil {
				t.Fatal(err)
			}
		}
		if err := database.As("notes").InTx(ctx, note("late")); !errors.Is(err, db.ErrUnitOver) {
			t.Errorf("after %s a transaction is let: %v", name, err)
		}
	}
}

func TestTransactionThatFailsInAUnitIsUndoneAlone(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes(), drafts())
	ctx, unit := database.As("notes").Unit(t.Context())
	fails := errors.New("fails")
	for name, end := range map[string]func(context.Context, pgx.Tx) error{
		"error":             func(context.Context, pgx.Tx) error { return fails },
		"panic":             func(context.Context, pgx.Tx) error { panic(fails) },
		"refused statement": dbtest.Exec("select * from nowhere"),
		"swallowed error": func(ctx context.Context, tx pgx.Tx) error {
			_ = dbtest.Exec("select * from nowhere")(ctx, tx)
			return nil
		},
	} {
		func() {
			defer func() { _ = recover() }()
			err := database.As("notes").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
				return errors.Join(note(name)(ctx, tx), end(ctx, tx))
			})
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}()
	}
	if err := database.As("notes").InTx(ctx, note("kept")); err != nil {
		t.Fatal(err)
	}
	if err := unit.Commit(ctx, note("end")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"end", "kept"}, stored(t, database)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEachTransactionOfAUnitHasItsRole(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes(), drafts())
	ctx, unit := database.As("notes").Unit(t.Context())
	var roles []string
	look := func(ctx context.Context, tx pgx.Tx) error {
		var role string
		err := tx.QueryRow(ctx, "select current_user").Scan(&role)
		roles = append(roles, role)
		return err
	}
	inner := func(run func(context.Context, func(context.Context, pgx.Tx) error) error) func(context.Context, pgx.Tx) error {
		return func(ctx context.Context, tx pgx.Tx) error {
			return errors.Join(look(ctx, tx), run(ctx, look), look(ctx, tx))
		}
	}
	err := errors.Join(
		database.As("notes").InTx(ctx, inner(database.As("drafts").InTx)),
		database.As("notes").InTx(ctx, inner(database.As("drafts").Read)),
		database.As("drafts").InTx(ctx, look),
		unit.Commit(ctx, look))
	if err != nil {
		t.Fatal(err)
	}
	const n, d = "myapp_notes", "myapp_drafts"
	if diff := cmp.Diff([]string{n, d, n, n, d, n, d, n}, roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	other, unit := database.As("notes").Unit(t.Context())
	defer unit.Rollback(other)
	if err := database.As("notes").InTx(other, dbtest.Exec("select * from drafts.drafts")); code(err) != "42501" {
		t.Errorf("another schema in a unit: %v", err)
	}
}

func TestReadInAUnitSeesItsWritesAndMakesNone(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes()).As("notes")
	ctx, unit := database.Unit(t.Context())
	defer unit.Rollback(ctx)
	if err := database.InTx(ctx, note("mine")); err != nil {
		t.Fatal(err)
	}
	var text string
	err := database.Read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, "select text from notes.notes").Scan(&text)
	})
	if err != nil || text != "mine" {
		t.Errorf("read %q, %v", text, err)
	}
	if err := database.Read(ctx, note("x")); code(err) != "25006" {
		t.Errorf("got %v, want a read-only transaction", err)
	}
	alone, err := db.One[struct{ Text string }](ctx, database, "select text from notes.notes")
	if err != nil || alone.Text != "mine" {
		t.Errorf("read alone %q, %v", alone.Text, err)
	}
	if err := database.InTx(ctx, note("after")); err != nil {
		t.Errorf("write after a read: %v", err)
	}
}

func TestDeferredConstraintIsCheckedAtTheEndOfItsTransaction(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes(), drafts())
	ctx, unit := database.As("notes").Unit(t.Context())
	dangling := dbtest.Exec("insert into drafts.drafts values ('a', 'nothing')")
	if err := database.As("drafts").InTx(ctx, dangling); code(err) != "23503" {
		t.Errorf("got %v, want a foreign key violation", err)
	}
	for _, text := range []string{"b", "c"} { // twice: the check of the first must not make the second one strict
		err := database.As("drafts").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			before := dbtest.Exec("insert into drafts.drafts values ($1 || 1, $1 || 2)", text)
			return errors.Join(before(ctx, tx), draft(text+"2")(ctx, tx))
		})
		if err != nil {
			t.Errorf("what is whole at the end: %v", err)
		}
	}
	if err := unit.Commit(ctx, note("end")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b1", "b2", "c1", "c2", "end"}, stored(t, database)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGoroutinesShareAUnitInTurn(t *testing.T) {
	t.Parallel()
	const goroutines, each = 8, 5
	database := dbtest.New(t, notes(), drafts())
	ctx, unit := database.As("notes").Unit(t.Context())
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
				err := database.As("notes").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
					text := strconv.Itoa(g*each + i)
					return errors.Join(note(text)(ctx, tx), database.As("drafts").InTx(ctx, draft(text)))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := unit.Commit(ctx, note("end")); err != nil {
		t.Fatal(err)
	}
	if got := len(stored(t, database)); got != 2*goroutines*each+1 {
		t.Errorf("%d rows, want %d", got, 2*goroutines*each+1)
	}
}

func TestTransactionThatIsInItsOwnWayInAUnitIsDeadlineExceeded(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes()).As("notes")
	ctx, unit := database.Unit(t.Context())
	defer unit.Rollback(ctx)
	err := database.InTx(ctx, func(context.Context, pgx.Tx) error {
		outer, cancel := context.WithTimeout(ctx, 20*time.Millisecond) // of the request, and not of this transaction
		defer cancel()
		return database.InTx(outer, note("x"))
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want deadline exceeded", err)
	}
}

func TestUnitHoldsNoConnectionBeforeItsFirstTransaction(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, notes())
	o.MaxConns = 1
	database := open(t, o).As("notes")
	ctx, unit := database.Unit(t.Context())
	for range 2 {
		if err := database.InTx(t.Context(), dbtest.Exec("select 1")); err != nil { // not in the unit
			t.Fatal(err)
		}
		if err := database.InTx(ctx, note("one")); err != nil && !errors.Is(err, db.ErrUnitOver) {
			t.Fatal(err)
		}
		unit.Rollback(ctx)
	}
	other := dbtest.New(t, notes()).As("notes")
	ctx, unit = database.Unit(t.Context())
	if err := other.InTx(ctx, note("alone")); err != nil {
		t.Fatal(err)
	}
	unit.Rollback(ctx)
	if got := dbtest.Value[string](t, other, "select text from notes.notes"); got != "alone" {
		t.Errorf("a transaction of another pool has left %q", got)
	}
}

func TestAttackHoldTheConnectionsByWhatTakesLong(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "send requests under an Idempotency-Key that read, and then hash a password, until no connection is left for others")
	t.Attr("stopped", "who reads before anything was done gives the connection back")
	o := dbtest.Options(t, notes())
	o.MaxConns, o.StatementTimeout = 1, 200*time.Millisecond
	database := open(t, o).As("notes")
	count := func(ctx context.Context) (int, error) {
		found, err := db.One[struct{ Count int }](ctx, database, `select count(*) from notes.notes`)
		return found.Count, err
	}
	ctx, unit := database.Unit(t.Context())
	defer unit.Rollback(ctx)
	_, within := count(ctx)
	_, without := count(t.Context()) // while the other hashes
	if err := errors.Join(within, without); err != nil {
		t.Errorf("the one connection is held: %v", err)
	}
	if err := database.InTx(ctx, note("one")); err != nil {
		t.Fatal(err)
	}
	if n, err := count(ctx); n != 1 || err != nil {
		t.Errorf("after it has written the unit sees %d notes, error %v", n, err)
	}
}
