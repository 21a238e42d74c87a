package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
)

// fuzzOperations is how many the fuzz tries: go test ./internal/app -run AttackTenants -v -operations 10000.
var fuzzOperations = flag.Int("operations", 1000, "how many operations the fuzz of the tenants tries")

const (
	fuzzSeed      = 1
	fuzzAttackers = 6 // each of a tenant of its own, so that whatever else it is shown or meets is another's
	fuzzReaders   = 2 // of the victim, so that its tenant is set on every connection too
)

// victimTenant is the tenant whose rows are watched.
var victimTenant = tenantNo(0)

func tenantNo(n int) string { return fmt.Sprintf("01890000-0000-7000-8000-00000000000%d", n) }

// actingIn is ctx in which a user of the tenant acts; "" is nobody.
func actingIn(ctx context.Context, tenant string) context.Context {
	if tenant == "" {
		return ctx
	}
	in, _ := id.ParseUUID(tenant) // it is one
	return authz.With(ctx, authz.Principal{Kind: authz.User, ID: in, Tenant: in})
}

// tenantFuzz is what all clients of one run share.
type tenantFuzz struct {
	owner, app *db.DB // as who migrates, and as the application
	tables     []*table

	mu    sync.Mutex
	shown int            // rows, all of them one's own
	ends  map[string]int // how the operations ended, by the code of Postgres; "" is that it was not refused
	leaks map[string]int // by verb
	first []string       // some leaks, to read
}

// newFuzz makes rows of every tenant in every table of tenants, when the statements have taken away what protects them.
func newFuzz(t *testing.T, o, app db.Options, statements ...string) *tenantFuzz {
	t.Helper()
	app.MaxConns = fuzzAttackers + fuzzReaders
	f := &tenantFuzz{ends: map[string]int{}, leaks: map[string]int{}}
	for d, options := range map[**db.DB]db.Options{&f.owner: o, &f.app: app} {
		opened, err := db.Open(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(opened.Close)
		*d = opened
	}
	for _, statement := range statements {
		if err := f.owner.InTx(t.Context(), dbtest.Exec(statement)); err != nil {
			t.Fatal(err)
		}
	}
	f.tables = tenantTables(t, f.owner)
	rng := rand.New(rand.NewPCG(fuzzSeed, fuzzSeed))
	for n := range fuzzAttackers + 1 {
		makeRows(t, f.owner, f.tables, tenantNo(n), rng)
		if t.Failed() {
			t.FailNow() // once is enough to be told of a table
		}
	}
	return f
}

// fuzzClient tries operations of some verbs for one tenant.
type fuzzClient struct {
	*tenantFuzz
	me    string
	rng   *rand.Rand
	verbs []string
}

func (f *tenantFuzz) client(n int, verbs ...string) *fuzzClient {
	me := victimTenant
	if n < fuzzAttackers {
		me = tenantNo(n + 1)
	}
	return &fuzzClient{tenantFuzz: f, me: me, rng: rand.New(rand.NewPCG(fuzzSeed, uint64(n))), verbs: verbs}
}

// run tries so many operations. Now and then the client gets back what it deleted: who has nothing attacks nothing.
func (c *fuzzClient) run(t *testing.T, operations int) {
	for i := range operations {
		if i%20 == 0 && c.me != victimTenant {
			plantRows(t, c.owner, c.tables, c.me)
		}
		them, me := victimTenant, c.me
		if me == victimTenant {
			them = tenantNo(1 + c.rng.IntN(fuzzAttackers))
		} else if c.rng.IntN(10) == 0 {
			me = ""
		}
		if err := c.operation(t.Context(), me, them); err != nil {
			t.Error(err)
			return
		}
	}
}

// operation tries one, and looks at what was shown and at what a refusal tells.
func (c *fuzzClient) operation(ctx context.Context, me, them string) error {
	verb, in := pickOne(c.rng, c.verbs...), pickOne(c.rng, c.tables...)
	for verb == "foreign key" && !in.refers() {
		in = pickOne(c.rng, c.tables...)
	}
	a := in.attempt(c.rng, verb, c.me, them)
	shown, err := c.ask(ctx, in, me, a.query)
	var refusal *pgconn.PgError
	if err != nil && !errors.As(err, &refusal) {
		return fmt.Errorf("%s: %w", a.query, err)
	}
	code, check := "", a.check
	if refusal != nil {
		code, check = refusal.Code, ""
		if code == "23505" && a.row != nil {
			check = in.duplicate(refusal.ConstraintName, a.row)
		}
	}
	if !slices.Contains([]string{"", "42501", "23503", "23505", "23514", "40P01", "P0001"}, code) {
		return fmt.Errorf("%s: %w: an operation that Postgres does not take attacks nothing", a.query, err)
	}
	if check != "" {
		told, err := c.ask(ctx, in, me, check)
		if err != nil {
			return fmt.Errorf("%s: %w", check, err)
		}
		shown = append(shown, told...)
	}
	c.note(verb, code, me, shown, a.query)
	return nil
}

// ask runs a query as the role of the table's schema, and returns whose rows it showed.
func (c *fuzzClient) ask(ctx context.Context, in *table, me, query string) (shown []string, err error) {
	err = c.app.As(in.Schema).InTx(actingIn(ctx, me), func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, query, pgx.QueryExecModeExec)
		if err != nil {
			return err
		}
		shown, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return shown, err
}

func (c *fuzzClient) note(verb, code, me string, shown []string, query string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends[code]++
	for _, whose := range shown {
		if whose == me {
			c.shown++
			continue
		}
		c.leaks[verb]++
		if len(c.first) < 5 {
			c.first = append(c.first, fmt.Sprintf("tenant %q was shown %q by %s", me, whose, query))
		}
	}
}

func pickOne[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

// attack runs all clients at once and compares the rows of the victim.
func (f *tenantFuzz) attack(t *testing.T) {
	before := rowsOf(t, f.owner, f.tables, victimTenant)
	var clients sync.WaitGroup
	for n := range fuzzAttackers + fuzzReaders {
		c := f.client(n, fuzzVerbs...)
		if c.me == victimTenant {
			c.verbs = []string{"select", "join"}
		}
		clients.Go(func() { c.run(t, (*fuzzOperations+n)/(fuzzAttackers+fuzzReaders)) })
	}
	clients.Wait()
	if diff := cmp.Diff(before, rowsOf(t, f.owner, f.tables, victimTenant)); diff != "" {
		t.Errorf("rows of another tenant have changed (-before +after):\n%s", diff)
	}
	if len(f.leaks) > 0 {
		t.Errorf("leaks by verb: %v, such as\n%s", f.leaks, strings.Join(f.first, "\n"))
	}
	if f.shown == 0 {
		t.Error("no client was shown a row of its own: this test proves nothing")
	}
	t.Logf("%d operations on %d tables by %d clients, %d rows shown; by code of Postgres %v",
		*fuzzOperations, len(f.tables), fuzzAttackers+fuzzReaders, f.shown, f.ends)
}

func TestAttackTenantsByRandomOperations(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "read and change another tenant's rows in every table, by random operations of 8 clients")
	t.Attr("stopped", "row level security, and keys that carry the tenant")
	o := dbtest.Options(t, fuzzedSchemas()...)
	newFuzz(t, o, o).attack(t)
}

func TestAttackTenantsByRandomOperationsInThePooler(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "the same through PgBouncer, 8 clients on 2 connections")
	t.Attr("stopped", "row level security, and a tenant that ends with its transaction")
	o := dbtest.Options(t, fuzzedSchemas()...)
	newFuzz(t, o, dbtest.Pooled(t, o)).attack(t)
}

func TestRandomOperationsFindEachProtectionThatIsMissing(t *testing.T) {
	t.Parallel()
	all := slices.Sorted(slices.Values(fuzzVerbs[:len(fuzzVerbs)-1]))
	for missing, is := range map[string]struct {
		statement string
		leaks     []string
		changes   bool
	}{
		"nothing":           {statement: "select 1"},
		"the policy":        {"alter policy tenant on fuzz.shelves using (true); alter policy tenant on fuzz.books using (true)", all, true},
		"force, for owners": {toOwner, all, true},
		"the tenant in a foreign key": {`alter table fuzz.books drop constraint books_tenant_id_shelf_id_fkey;
			alter table fuzz.shelves add unique (id); alter table fuzz.books add foreign key (shelf_id) references fuzz.shelves (id) not valid`,
			[]string{"foreign key", "insert", "insert on conflict"}, false},
		"the tenant in a unique constraint": {"create unique index on fuzz.shelves (lower(slug))", []string{"insert", "insert on conflict"}, false},
	} {
		t.Run(missing, func(t *testing.T) {
			t.Parallel()
			o := dbtest.Options(t, fuzzSchema())
			f := newFuzz(t, o, o, is.statement)
			changed := false
			for _, verb := range fuzzVerbs { // one after the other: what one deleted, the next could not find
				plantRows(t, f.owner, f.tables, victimTenant)
				before := rowsOf(t, f.owner, f.tables, victimTenant)
				f.client(0, verb).run(t, 40)
				changed = changed || !maps.Equal(before, rowsOf(t, f.owner, f.tables, victimTenant))
			}
			if diff := cmp.Diff(is.leaks, slices.Sorted(maps.Keys(f.leaks))); diff != "" || changed != is.changes {
				t.Errorf("changed %v, verbs that leak (-want +got):\n%s", changed, diff)
			}
		})
	}
}
