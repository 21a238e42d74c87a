package db_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
)

// state is what a transaction runs with.
type state struct {
	Role, Tenant, Actor, Timeout, ReadOnly string
}

const look = `select current_user::text as role, current_setting('app.tenant_id', true) as tenant,
	current_setting('app.actor_id', true) as actor, current_setting('statement_timeout') as timeout,
	current_setting('transaction_read_only') as read_only`

// acting returns a context in which a user acts in a tenant.
func acting(ctx context.Context) (context.Context, authz.Principal) {
	who := authz.Principal{Kind: authz.User, ID: id.New(), Tenant: id.New()}
	return authz.With(ctx, who), who
}

func TestAReadIsOneRoundTripAndATransactionThatBeginsWithQueriesTwo(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	o := dbtest.Options(t, notes()).WithDial(func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return &trips{Conn: conn, count: &count}, err
	})
	o.MaxConns = 1
	database := open(t, o).As("notes")
	type row struct{ Text string }
	for what, test := range map[string]struct {
		want int64
		do   func() error
	}{
		"read": {1, func() error {
			_, err := db.All[row](t.Context(), database, "select text from notes.notes")
			return err
		}},
		"transaction": {2, func() error {
			b := database.Begin(t.Context(), time.Minute)
			b.Queue(database, func(pgx.Rows) error { return nil }, "delete from notes.notes where text = $1", "none")
			return b.InTx(t.Context(), func(context.Context, pgx.Tx) error { return nil })
		}},
	} {
		var start int64
		for range 2 { // pgx prepares the statements at their first run
			start = count.Load()
			if err := test.do(); err != nil {
				t.Fatal(err)
			}
		}
		if got := count.Load() - start; got != test.want {
			t.Errorf("%s: %d round trips, want %d", what, got, test.want)
		}
	}
}

func TestEveryWayIntoTheDatabaseCarriesWhoActs(t *testing.T) {
	t.Parallel()
	for _, pooler := range []bool{false, true} {
		o := dbtest.Options(t, notes())
		o.MaxConns, o.StatementTimeout, o.Pooler = 1, 5*time.Second, pooler
		database := open(t, o)
		ctx, who := acting(t.Context())
		want := state{"myapp_notes", who.Tenant.String(), who.ID.String(), "5s", "on"}
		got, err := db.One[state](ctx, database.As("notes"), look)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("One (-want +got):\n%s", diff)
		}
		want.ReadOnly = "off"
		err = database.As("notes").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, look)
			got, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[state])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("InTx (-want +got):\n%s", diff)
		}
		// The next transaction on the same connection, of nobody, must not inherit it.
		got, err = db.One[state](t.Context(), database.As("notes"), look)
		want = state{Role: "myapp_notes", Timeout: "5s", ReadOnly: "on"}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after it, nobody (-want +got):\n%s", diff)
		}
	}
}

func TestABatchHasNoMoreTimeThanItsCaller(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, notes())
	o.MaxConns, o.StatementTimeout = 1, time.Hour
	database := open(t, o).As("notes")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for caller, less := range map[context.Context]bool{ctx: true, t.Context(): false} {
		got, err := db.One[state](caller, database, look)
		if err != nil {
			t.Fatal(err)
		}
		if (got.Timeout != "1h") != less {
			t.Errorf("the limit of a statement is %s", got.Timeout)
		}
	}
}

func TestQueriesOfABatchRunEachAsItsOwnRole(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes(), schema("marks", "0001_marks.sql", "create table marks.marks (text text)"))
	var roles []string
	var actor string
	read := func(rows pgx.Rows) error {
		_, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (_ struct{}, err error) {
			var role string
			err = row.Scan(&role, &actor)
			roles = append(roles, role)
			return struct{}{}, err
		})
		return err
	}
	b := database.As("notes").Batch(t.Context())
	b.Queue(database.As("notes"), read, `select current_user::text, set_config('app.actor_id', 'ann', true)`)
	b.Queue(database.As("marks"), read, `select current_user::text, current_setting('app.actor_id')`)
	if err := b.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"myapp_notes", "myapp_marks"}, roles); diff != "" || actor != "ann" {
		t.Errorf("roles (-want +got), actor %q:\n%s", actor, diff)
	}
}

func TestATransactionGoesOnAfterTheQueriesItBeginsWithOrNotAtAll(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, notes(), schema("marks", "0001_marks.sql", "create table marks.marks (text text)"))
	o.MaxConns = 1
	database := open(t, o)
	refused := errors.New("refused")
	for _, want := range []error{refused, nil} {
		var role string
		b := database.As("notes").Begin(t.Context(), time.Minute)
		// The note is unique, and so was not kept before.
		b.Queue(database.As("notes"), func(pgx.Rows) error { return want }, "insert into notes.notes values ('x')")
		b.Become(database.As("marks"))
		err := b.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			return tx.QueryRow(ctx, "select current_user").Scan(&role)
		})
		if !errors.Is(err, want) || (role == "myapp_marks") != (want == nil) {
			t.Errorf("it goes on as %q, error %v", role, err)
		}
	}
	if rows := dbtest.Value[int64](t, database, "select count(*) from notes.notes"); rows != 1 {
		t.Errorf("%d rows were kept, want 1", rows)
	}
}

func TestABatchRefusesToWriteAndTellsItsErrors(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes()).As("notes")
	type row struct{ Text string }
	_, err := db.One[row](t.Context(), database, "insert into notes.notes values ('x') returning text")
	if code(err) != "25006" {
		t.Errorf("write: got %v, want a read-only transaction", err)
	}
	if _, err := db.One[row](t.Context(), database, "select text from notes.notes"); !db.NotFound(err) {
		t.Errorf("no row: got %v", err)
	}
	if _, err := db.One[row](t.Context(), database.As("nobody"), "select 'x' as text"); code(err) != "22023" {
		t.Errorf("a role that is not there: got %v", err)
	}
	o := dbtest.Options(t)
	o.StatementTimeout = 100 * time.Millisecond
	_, err = db.One[row](t.Context(), open(t, o), "select pg_sleep(60)::text as text")
	if !errors.Is(err, context.DeadlineExceeded) || code(err) != "57014" {
		t.Errorf("slow query: got %v, want deadline exceeded by Postgres", err)
	}
}

func TestWhoSeesEveryTenantSaysWhy(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes())
	if err := db.AcrossTenants(database, "count what is stored").InTx(t.Context(), dbtest.Exec("select 1")); err != nil {
		t.Error(err)
	}
	for _, reason := range []string{"", "because", "x */; reset role; --"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("the reason %q is taken", reason)
				}
			}()
			db.AcrossTenants(database, reason)
		}()
	}
}
