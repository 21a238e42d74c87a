package db_test

import (
	"context"
	"errors"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db/dbtest"
)

// trips counts round trips: what was written, then answered.
type trips struct {
	net.Conn
	count *atomic.Int64
	asked atomic.Bool
}

func (c *trips) Write(b []byte) (int, error) {
	c.asked.Store(true)
	return c.Conn.Write(b)
}

func (c *trips) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.asked.Swap(false) {
		c.count.Add(1)
	}
	return n, err
}

func TestTransactionBeginsInOneRoundTrip(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	o := dbtest.Options(t, notes()).WithDial(func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return &trips{Conn: conn, count: &count}, err
	})
	database := open(t, o).As("notes")
	// Each number is of the whole transaction so far: after begin, after a query, after commit.
	var got [3]int64
	for range 2 { // pgx prepares the query at its first run, which is a round trip more
		start := count.Load()
		err := database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			got[0] = count.Load() - start
			_, err := tx.Exec(ctx, "insert into notes.notes values ($1)", strconv.FormatInt(start, 10))
			got[1] = count.Load() - start
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got[2] = count.Load() - start
	}
	if diff := cmp.Diff([3]int64{1, 2, 3}, got); diff != "" {
		t.Errorf("round trips (-want +got):\n%s", diff)
	}
}

func TestNothingStaysOnTheConnection(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, notes())
	o.MaxConns = 1
	database := open(t, o)
	const look = `select concat_ws(' ', pg_backend_pid(), current_user, current_setting('statement_timeout'),
		current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'))`
	settings := func() (text string) {
		if err := database.Pool().QueryRow(t.Context(), look).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := settings()
	fails := errors.New("fails")
	for name, end := range map[string]func(context.Context, pgx.Tx) error{
		"commit":            dbtest.Exec("insert into notes.notes values ('kept')"),
		"rollback":          func(context.Context, pgx.Tx) error { return fails },
		"refused statement": dbtest.Exec("select * from nowhere"),
	} {
		_ = database.As("notes").InTx(t.Context(), end)
		if diff := cmp.Diff(before, settings()); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", name, diff)
		}
	}
	// Here begin itself fails after it began, and the connection must not come back into the pool as it is.
	if err := database.As("nobody").InTx(t.Context(), dbtest.Exec("select 1")); code(err) != "22023" {
		t.Errorf("a role that is not there: %v", err)
	}
	if got := dbtest.Value[string](t, database.As("notes"), "select count(*)::text from notes.notes"); got != "1" {
		t.Errorf("after a failed begin there are %s rows, want 1", got)
	}
}

func TestStatementMayTakeWhatIsLeft(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	o.StatementTimeout, o.LockTimeout = 5*time.Second, 3*time.Second
	database := open(t, o)
	const look = "select setting from pg_settings where name = $1"
	if got := dbtest.Value[string](t, database, look, "statement_timeout"); got != "5000" {
		t.Errorf("statement_timeout without a deadline is %s, want 5000", got)
	}
	if got := dbtest.Value[string](t, database, look, "lock_timeout"); got != "3000" {
		t.Errorf("lock_timeout is %s, want 3000", got)
	}
	if got := dbtest.Value[string](t, database, look, "idle_in_transaction_session_timeout"); got != "5000" {
		t.Errorf("idle_in_transaction_session_timeout is %s, want 5000", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var left int
	err := database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, "select setting::int from pg_settings where name = 'statement_timeout'").Scan(&left)
	})
	if err != nil || left < 1 || left > 2000 {
		t.Errorf("statement_timeout with 2 s left is %d ms, error %v", left, err)
	}
}

func TestDeadlineThatIsOverIsNotWithoutLimit(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	err := dbtest.New(t).InTx(ctx, dbtest.Exec("select 1"))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want deadline exceeded", err)
	}
}

func TestSlowStatementIsDeadlineExceeded(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	o.StatementTimeout = 250 * time.Millisecond
	err := open(t, o).InTx(t.Context(), dbtest.Exec("select pg_sleep(60)"))
	if !errors.Is(err, context.DeadlineExceeded) || code(err) != "57014" {
		t.Errorf("got %v, want deadline exceeded by Postgres", err)
	}
}

func TestLockThatIsTakenIsDeadlineExceeded(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	o.LockTimeout = 20 * time.Millisecond
	database := open(t, o)
	lock := dbtest.Exec("select pg_advisory_xact_lock(1)")
	err := database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		return database.InTx(ctx, lock)
	})
	if !errors.Is(err, context.DeadlineExceeded) || code(err) != "55P03" {
		t.Errorf("got %v, want deadline exceeded by Postgres", err)
	}
}

func TestPoolThatIsEmptyIsDeadlineExceeded(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t)
	o.MaxConns, o.StatementTimeout = 1, 50*time.Millisecond
	database := open(t, o)
	err := database.InTx(t.Context(), func(context.Context, pgx.Tx) error {
		return database.InTx(context.WithoutCancel(t.Context()), dbtest.Exec("select 1"))
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want deadline exceeded", err)
	}
}

func TestWhatFailsIsRolledBack(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, notes())
	o.MaxConns = 1 // so that a connection that was not given back would hang the test
	database := open(t, o).As("notes")
	write := dbtest.Exec("insert into notes.notes values ('gone')")
	fails := errors.New("fails")
	ctx, cancel := context.WithCancel(t.Context())
	for name, end := range map[string]func() error{
		"error":       func() error { return fails },
		"panic":       func() error { panic(fails) },
		"cancelled":   func() error { cancel(); return nil },
		"cancelled 2": func() error { cancel(); return fails },
	} {
		func() {
			defer func() { _ = recover() }()
			err := database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
				return errors.Join(write(ctx, tx), end())
			})
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}()
		if got := dbtest.Value[string](t, database, "select count(*)::text from notes.notes"); got != "0" {
			t.Errorf("%s: %s rows are left", name, got)
		}
		ctx, cancel = context.WithCancel(t.Context())
	}
	cancel()
}

func TestSwallowedErrorFailsAtCommit(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes()).As("notes")
	err := database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_ = dbtest.Exec("select * from nowhere")(ctx, tx)
		return nil
	})
	if !errors.Is(err, pgx.ErrTxCommitRollback) {
		t.Errorf("got %v, want that the commit was a rollback", err)
	}
}

func TestReadRefusesToWrite(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, notes()).As("notes")
	if err := database.Read(t.Context(), dbtest.Exec("insert into notes.notes values ('x')")); code(err) != "25006" {
		t.Errorf("got %v, want a read-only transaction", err)
	}
}

func TestPoolerModePreparesNothing(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, notes())
	o.Pooler, o.MaxConns = true, 1
	database := open(t, o).As("notes")
	for range 2 {
		when := time.Now().UTC().Truncate(time.Microsecond)
		var text string
		var back time.Time
		err := database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			return tx.QueryRow(ctx, "select $1::text, $2::timestamptz", "text", when).Scan(&text, &back)
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]any{"text", when}, []any{text, back}); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
	}
	if got := dbtest.Value[string](t, database, "select count(*)::text from pg_prepared_statements"); got != "0" {
		t.Errorf("%s prepared statements are left on the connection", got)
	}
}
