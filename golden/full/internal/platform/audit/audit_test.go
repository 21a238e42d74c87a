package audit_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
)

// orders is the schema of the domain that the tests play.
func orders() db.Schema {
	files := fstest.MapFS{"0001_orders.sql": {Data: []byte("-- +goose Up\ncreate table orders.orders ();")}}
	return db.Schema{Name: "orders", Files: files}
}

// record is what a transaction of that domain does.
func record(ctx context.Context, tx pgx.Tx) error {
	return audit.Record(ctx, tx, audit.Entry{Action: "orders.order_created", Subject: "order_1", Details: map[string]any{"é": 1.5}})
}

// start returns a database, and a context of a tenant in which some entries were recorded.
func start(t *testing.T, entries int) (*db.DB, context.Context, id.UUID) {
	t.Helper()
	t.Parallel()
	database := dbtest.New(t, orders(), audit.Schema())
	tenant := id.New()
	ctx := authz.With(t.Context(), authz.Principal{Kind: authz.User, ID: id.New(), Tenant: tenant})
	for range entries {
		if err := database.As("orders").InTx(ctx, record); err != nil {
			t.Fatal(err)
		}
	}
	return database, ctx, tenant
}

// verify returns what is wrong with the chain, without its name.
func verify(t *testing.T, database *db.DB, tenant id.UUID, anchors ...audit.Head) string {
	t.Helper()
	wrong, err := audit.Verify(t.Context(), database, tenant, anchors)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(wrong, "chain "+tenant.String()+": ")
}

func TestWhatTheOwnerOfTheDatabaseChangesIsNamed(t *testing.T) {
	for attack, want := range map[string]string{
		`select`: "",
		`update audit.entries set subject = 'order_2' where seq = 3`: "entry 3 was edited",
		`update audit.entries set at = at + '1 us' where seq = 3`:    "entry 3 was edited",
		`update audit.entries set actor_id = null where seq = 3`:     "entry 3 was edited",
		`update audit.entries set details = '{}' where seq = 3`:      "entry 3 was edited",
		`update audit.entries set personal = 'x' where seq = 3`:      "entry 3 was edited",
		`update audit.entries set request_id = 'x' where seq = 3`:    "entry 3 was edited",
		`update audit.entries set outcome = 'denied' where seq = 3`:  "entry 3 was edited",
		`delete from audit.entries where seq = 1`:                    "entry 1 is missing",
		`delete from audit.entries where seq = 3`:                    "entry 3 is missing",
		`delete from audit.entries where seq >= 5`:                   "entry 5 is missing: the head is entry 6",
		`truncate audit.entries`:                                     "entry 1 is missing: the head is entry 6",
		`truncate audit.heads`:                                       "entry 1 was inserted: it is after the head",
		`update audit.heads set seq = 5`:                             "entry 5 is not what the head says",
		`insert into audit.entries select tenant_id, 7, at, actor_id, action, outcome, subject, details, personal, request_id,
			hash, hash from audit.entries where seq = 6`: "entry 7 was inserted: it is after the head",
		`delete from audit.entries where seq = 6; update audit.heads h set seq = 5, hash = (select hash from audit.entries where seq = 5);`: "entry 6 is missing: entry 6 was anchored",
		`truncate audit.entries, audit.heads`: "entry 1 is missing: entry 6 was anchored",
	} {
		t.Run(attack, func(t *testing.T) {
			database, _, tenant := start(t, 6)
			anchors, err := audit.Heads(t.Context(), database)
			if err != nil || len(anchors) != 1 || anchors[0].Seq != 6 {
				t.Fatalf("heads are %v, %v", anchors, err)
			}
			if err := database.InTx(t.Context(), dbtest.Exec(attack)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, verify(t, database, tenant, anchors...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoRoleOfTheAppChangesAnEntry(t *testing.T) {
	database, ctx, _ := start(t, 1)
	for _, attack := range []string{
		`update audit.entries set subject = 'x'`, `delete from audit.entries`, `truncate audit.entries`, `select * from audit.entries`,
		`insert into audit.entries select * from audit.entries`, `update audit.heads set seq = 0`, `delete from audit.heads`,
	} {
		for _, schema := range []string{"orders", "audit"} {
			err := database.As(schema).InTx(ctx, dbtest.Exec(attack))
			if err == nil || !strings.Contains(err.Error(), "SQLSTATE 42501") {
				t.Errorf("%s as %s: got %v, want permission denied", attack, schema, err)
			}
		}
	}
}

// Postgres looks for the names of types into the temporary schema first, where each role may make its own.
func TestAttackATypeOfOnesOwnRunsAsTheOwnerOfTheAuditLog(t *testing.T) {
	t.Attr("tried", "have audit.append, which runs as its owner, convert to a type of one's own that deletes the entries")
	t.Attr("stopped", "its search path names the temporary schema last")
	database, ctx, _ := start(t, 3)
	const plant = `
		create function pg_temp.evil(pg_catalog.text) returns boolean language plpgsql as $$ begin
			delete from audit.entries; return true;
		exception when insufficient_privilege then return true; end $$;
		create domain pg_temp.text as pg_catalog.text check (pg_temp.evil(value));
		create function pg_temp.evil(pg_catalog.bytea) returns boolean language plpgsql as $$ begin
			delete from audit.entries; return true;
		exception when insufficient_privilege then return true; end $$;
		create domain pg_temp.bytea as pg_catalog.bytea check (pg_temp.evil(value));`
	const open = `do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$`
	if err := database.InTx(t.Context(), dbtest.Exec(open)); err != nil {
		t.Fatal(err)
	}
	err := database.As("orders").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, plant); err != nil {
			return err
		}
		return record(ctx, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := dbtest.Value[int64](t, database, `select count(*) from audit.entries`); got != 4 {
		t.Errorf("%d entries, want 4", got)
	}
}

func TestWhatIsRolledBackLeavesNoEntry(t *testing.T) {
	database, ctx, tenant := start(t, 1)
	fails := errors.New("fails")
	err := database.As("orders").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return errors.Join(record(ctx, tx), fails)
	})
	if !errors.Is(err, fails) {
		t.Fatal(err)
	}
	if got := dbtest.Value[int64](t, database, `select count(*) from audit.entries`); got != 1 {
		t.Errorf("%d entries, want 1", got)
	}
	if wrong := verify(t, database, tenant); wrong != "" {
		t.Error(wrong)
	}
}

// write has 16 writers record at once, and returns how many entries follow one that another one follows too.
func write(ctx context.Context, t *testing.T, database *db.DB) (forks int64) {
	t.Helper()
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 8 {
				if err := database.As("orders").InTx(ctx, record); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	return dbtest.Value[int64](t, database, `select count(*) - count(distinct previous) from audit.entries`)
}

func TestWritersAtOnceMakeOneChain(t *testing.T) {
	database, ctx, tenant := start(t, 1)
	if forks := write(ctx, t, database); forks != 0 {
		t.Errorf("%d forks", forks)
	}
	if wrong := verify(t, database, tenant); wrong != "" {
		t.Error(wrong)
	}
}

// The protection is taken away: it is the lock that keeps the chain one.
func TestWithoutTheLockOfTheHeadThereAreForks(t *testing.T) {
	database, ctx, _ := start(t, 1)
	text := dbtest.Value[string](t, database, `select pg_get_functiondef('audit.append'::regproc)`)
	unlocked := strings.Replace(text, "for update;", ";", 1)
	unlocked = strings.Replace(unlocked, "insert into audit.entries", "perform pg_sleep(0.001); insert into audit.entries", 1)
	if err := database.InTx(t.Context(), dbtest.Exec(`alter table audit.entries drop constraint entries_pkey;`+unlocked)); err != nil {
		t.Fatal(err)
	}
	if forks := write(ctx, t, database); forks == 0 {
		t.Error("no fork: the lock is not what keeps the chain one")
	}
}

func TestPersonalFieldsAreSealedBeforeTheyAreHashed(t *testing.T) {
	database, ctx, tenant := start(t, 0)
	entry := audit.Entry{Action: "orders.order_created", Personal: map[string]string{"email": "canary@example.com"}}
	add := func(ctx context.Context, tx pgx.Tx) error { return audit.Record(ctx, tx, entry) }
	if err := database.As("orders").InTx(ctx, add); err == nil {
		t.Error("personal fields are recorded with nothing to seal them")
	}
	entry.Seal = func(_ context.Context, _ pgx.Tx, plaintext []byte) ([]byte, error) {
		sealed := make([]byte, len(plaintext))
		for i, b := range plaintext {
			sealed[i] = ^b
		}
		return sealed, nil
	}
	if err := database.As("orders").InTx(ctx, add); err != nil {
		t.Fatal(err)
	}
	if got := dbtest.Value[string](t, database, `select e::text || convert_from(personal, 'LATIN1') from audit.entries e`); strings.Contains(got, "canary") {
		t.Errorf("stored in the clear: %s", got)
	}
	if wrong := verify(t, database, tenant); wrong != "" {
		t.Error(wrong)
	}
}
