package db_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
)

// The tenants of these tests.
const (
	mine   = "01890000-0000-7000-8000-00000000000a"
	theirs = "01890000-0000-7000-8000-00000000000b"
)

// tenantTable is a table as every table of tenants has to be.
const tenantTable = `
create table shelves.%[1]s (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(),
    slug text not null,
    %[2]s
    primary key (tenant_id, id), unique (tenant_id, slug)
);
insert into shelves.%[1]s (tenant_id, id, slug) values ('` + mine + `', '` + mine + `', 'x'), ('` + theirs + `', '` + theirs + `', 'y');
alter table shelves.%[1]s enable row level security;
alter table shelves.%[1]s force row level security;
create policy tenant on shelves.%[1]s using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on shelves.%[1]s to myapp_shelves;
`

// shelves has a table, another one that refers to it, and a row of each tenant in both.
func shelves() db.Schema {
	sql := "-- +goose Up\n" + fmt.Sprintf(tenantTable, "shelves", "") + fmt.Sprintf(tenantTable, "books",
		"shelf_id uuid, foreign key (tenant_id, shelf_id) references shelves.shelves (tenant_id, id),")
	return db.Schema{Name: "shelves", Files: fstest.MapFS{"0001_shelves.sql": &fstest.MapFile{Data: []byte(sql)}}}
}

// inTenant returns ctx in which somebody of the tenant acts; "" is nobody.
func inTenant(ctx context.Context, tenant string) context.Context {
	of, _ := id.ParseUUID(tenant) // the zero one where there is none
	return authz.With(ctx, authz.Principal{Kind: authz.User, Tenant: of})
}

// as runs statements as the role of the schema, at work for a tenant, and returns the number of rows that the last one gave.
func as(ctx context.Context, d *db.DB, tenant string, statements ...string) (n int64, err error) {
	err = d.As("shelves").InTx(inTenant(ctx, tenant), func(ctx context.Context, tx pgx.Tx) error {
		for _, s := range statements {
			tag, err := tx.Exec(ctx, s)
			if err != nil {
				return err
			}
			n = tag.RowsAffected()
		}
		return nil
	})
	return n, err
}

// sees fails unless so many rows were seen.
func sees(t *testing.T, what string, d *db.DB, tenant string, want int64, query string) {
	t.Helper()
	if n, err := as(t.Context(), d, tenant, query); err != nil || n != want {
		t.Errorf("%s: %d rows, want %d, error %v", what, n, want, err)
	}
}

// refused fails unless Postgres refused with that code; "" is that it did not refuse.
func refused(t *testing.T, what string, err error, want string) {
	t.Helper()
	if code(err) != want || want == "" && err != nil {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// change takes a protection away, to see that it was the one.
func change(t *testing.T, d *db.DB, statement string) {
	t.Helper()
	if err := d.InTx(t.Context(), dbtest.Exec(statement)); err != nil {
		t.Fatal(err)
	}
}

const all = "select * from shelves.shelves"

func TestAttackASettingThatStaysOnTheConnection(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "use the tenant that the request before left on a pooled connection")
	t.Attr("stopped", "SET LOCAL: the tenant ends with its transaction")
	o := dbtest.Options(t, shelves())
	o.MaxConns = 1
	d := open(t, o)
	sees(t, "one's own", d, theirs, 1, all)
	count := func() (n int64, err error) {
		err = d.As("shelves").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			tag, err := tx.Exec(ctx, all)
			n = tag.RowsAffected()
			return err
		})
		return n, err
	}
	if n, err := count(); n != 0 || err != nil {
		t.Errorf("the next transaction on the connection sees %d rows, error %v", n, err)
	}
	change(t, d, "select set_config('app.tenant_id', '"+theirs+"', false)")
	if n, _ := d.Pool().Exec(t.Context(), "set role myapp_shelves; "+all); n.RowsAffected() != 1 {
		t.Errorf("with SET in place of SET LOCAL %d rows are seen: this test proves nothing", n.RowsAffected())
	}
}

func TestAttackASettingThatStaysInThePooler(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "read another tenant's rows through PgBouncer, 8 clients on 2 connections")
	t.Attr("stopped", "SET LOCAL, in the transaction that PgBouncer does not part")
	o := dbtest.Pooled(t, dbtest.Options(t, shelves()))
	o.MaxConns = 8
	d := open(t, o)
	foreign := func(read func(ctx context.Context, tenant string) (string, error)) (leaks int) {
		var mu sync.Mutex
		var clients sync.WaitGroup
		for client := range 8 {
			tenant, slug := mine, "x"
			if client%2 == 1 {
				tenant, slug = theirs, "y"
			}
			clients.Go(func() {
				for range 100 {
					got, err := read(t.Context(), tenant)
					if err != nil {
						t.Error(err)
					}
					if got != slug {
						mu.Lock()
						leaks++
						mu.Unlock()
					}
				}
			})
		}
		clients.Wait()
		return leaks
	}
	const slugs = "select coalesce(string_agg(slug, ' '), '') from shelves.shelves"
	inTx := func(ctx context.Context, tenant string) (slug string, err error) {
		err = d.As("shelves").InTx(inTenant(ctx, tenant), func(ctx context.Context, tx pgx.Tx) error {
			return tx.QueryRow(ctx, slugs).Scan(&slug)
		})
		return slug, err
	}
	if leaks := foreign(inTx); leaks != 0 {
		t.Errorf("%d of 800 reads saw another tenant", leaks)
	}
	inSession := func(ctx context.Context, tenant string) (slug string, err error) {
		conn, err := d.Pool().Acquire(ctx)
		if err != nil {
			return "", err
		}
		defer conn.Release()
		if _, err := conn.Exec(ctx, "set role myapp_shelves; select set_config('app.tenant_id', '"+tenant+"', false)"); err != nil {
			return "", err
		}
		err = conn.QueryRow(ctx, slugs).Scan(&slug)
		return slug, err
	}
	if leaks := foreign(inSession); leaks == 0 {
		t.Error("with SET in place of SET LOCAL no read saw another tenant: this test proves nothing")
	}
}

func TestAttackNoTenantAtAll(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "read and write without a tenant, on a connection that had one")
	t.Attr("stopped", "nullif in the policy: no tenant is no row, and no error that tells them apart")
	d := open(t, dbtest.Options(t, shelves()))
	sees(t, "without a tenant", d, "", 0, all)
	_, err := as(t.Context(), d, "", "insert into shelves.shelves (slug) values ('z')")
	refused(t, "insert without a tenant", err, "42501")
	change(t, d, "alter policy tenant on shelves.shelves using (tenant_id = current_setting('app.tenant_id', true)::uuid)")
	_, err = as(t.Context(), d, "", all)
	refused(t, "with a bare cast", err, "22P02")
}

func TestAttackTheOwnerOfTheTable(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "read as the owner of the table, and through a view")
	t.Attr("stopped", "FORCE ROW LEVEL SECURITY, and security_invoker")
	d := open(t, dbtest.Options(t, shelves()))
	change(t, d, `
		create view shelves.plain as select * from shelves.shelves;
		create view shelves.safe with (security_invoker = true) as select * from shelves.shelves;
		grant create on schema shelves to myapp_shelves;
		grant select on shelves.plain, shelves.safe to myapp_shelves;
		create table shelves.owned (like shelves.shelves including all);
		insert into shelves.owned (tenant_id, slug) values ('`+mine+`', 'x'), ('`+theirs+`', 'y');
		create policy tenant on shelves.owned using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
		alter table shelves.owned enable row level security, force row level security, owner to myapp_shelves`)
	const owned = "select * from shelves.owned"
	sees(t, "its owner", d, mine, 1, owned)
	sees(t, "a view that asks as its reader", d, mine, 1, "select * from shelves.safe")
	change(t, d, "alter table shelves.shelves no force row level security")
	sees(t, "the same view, when the owner sees all", d, mine, 1, "select * from shelves.safe")
	sees(t, "an ordinary view, when the owner sees all", d, mine, 2, "select * from shelves.plain")
	if _, err := as(t.Context(), d, mine, "alter table shelves.owned no force row level security"); err != nil {
		t.Fatal(err)
	}
	sees(t, "its owner, without FORCE", d, mine, 2, owned)
}

func TestAttackAReferenceToAnotherTenantsRow(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "put a book of one's own on the shelf of another tenant")
	t.Attr("stopped", "a foreign key that carries the tenant")
	d := open(t, dbtest.Options(t, shelves()))
	const put = "insert into shelves.books (slug, shelf_id) values ('z', '" + theirs + "')"
	_, err := as(t.Context(), d, mine, put)
	refused(t, "refer to a row of another tenant", err, "23503")
	change(t, d, `
		alter table shelves.books drop constraint books_tenant_id_shelf_id_fkey;
		create unique index on shelves.shelves (id);
		alter table shelves.books add foreign key (shelf_id) references shelves.shelves (id) not valid`)
	_, err = as(t.Context(), d, mine, put)
	refused(t, "with a key without the tenant", err, "")
}

func TestAttackFindOutWhatAnotherTenantHas(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "learn by a duplicate that another tenant has a name")
	t.Attr("stopped", "unique constraints that carry the tenant")
	d := open(t, dbtest.Options(t, shelves()))
	const guess = "insert into shelves.shelves (slug) values ('y')"
	_, err := as(t.Context(), d, mine, guess, "delete from shelves.shelves where slug = 'y'")
	refused(t, "the name of another tenant", err, "")
	change(t, d, "create unique index on shelves.shelves (slug)")
	_, err = as(t.Context(), d, mine, guess)
	refused(t, "with an index without the tenant", err, "23505")
}

func TestAttackAPolicyThatReadsTheWholeTable(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "make one tenant's read cost what all tenants have")
	t.Attr("stopped", "a policy that compares uuids, by the index")
	d := open(t, dbtest.Options(t, shelves()))
	change(t, d, `
		alter table shelves.shelves no force row level security;
		insert into shelves.shelves (tenant_id, slug) select gen_random_uuid(), 'z' from generate_series(1, 5000);
		alter table shelves.shelves force row level security;
		analyze shelves.shelves`)
	plan := func() (text string) {
		err := d.As("shelves").InTx(inTenant(t.Context(), mine), func(ctx context.Context, tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, "explain "+all) // its error is that of CollectRows
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			text = strings.Join(lines, "\n")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if got := plan(); strings.Contains(got, "Seq Scan") {
		t.Errorf("all rows are read:\n%s", got)
	}
	change(t, d, "alter policy tenant on shelves.shelves using (tenant_id::text = current_setting('app.tenant_id', true))")
	if got := plan(); !strings.Contains(got, "Seq Scan") {
		t.Errorf("a policy that casts to text does not read all rows: this test proves nothing\n%s", got)
	}
}

func TestAttackAnotherDomainsTables(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "read, refer to, truncate and alter tables as the role of another domain")
	t.Attr("stopped", "a role per domain, which owns nothing")
	d := open(t, dbtest.Options(t, shelves(), notes()))
	change(t, d, "grant create on schema shelves to myapp_shelves") // what is refused is not to make a table
	const refer = "create table shelves.t (body text references notes.notes (text))"
	for attack, statement := range map[string]string{
		"read":     "select * from notes.notes",
		"refer to": refer,
		"truncate": "truncate shelves.shelves",
		"alter":    "alter table shelves.shelves disable row level security",
	} {
		_, err := as(t.Context(), d, mine, statement)
		refused(t, attack, err, "42501")
	}
	change(t, d, "grant usage on schema notes to myapp_shelves; grant select, references on notes.notes to myapp_shelves")
	_, err := as(t.Context(), d, mine, "select * from notes.notes")
	refused(t, "read, with a grant", err, "")
	_, err = as(t.Context(), d, mine, refer)
	refused(t, "refer to, with a grant", err, "")
}

func TestAttackTheRowsOfAnotherTenant(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "read, change, delete, take over and plant rows of another tenant")
	t.Attr("stopped", "row level security")
	d := open(t, dbtest.Options(t, shelves()))
	const whose = " where tenant_id = '" + theirs + "'"
	for attack, statement := range map[string]string{
		"read":      "select * from shelves.shelves" + whose,
		"lock":      "select * from shelves.shelves" + whose + " for update",
		"change":    "update shelves.shelves set slug = 'stolen'" + whose,
		"take over": "update shelves.shelves set tenant_id = '" + mine + "'" + whose,
		"delete":    "delete from shelves.shelves" + whose,
	} {
		sees(t, attack, d, mine, 0, statement)
	}
	for attack, statement := range map[string]string{
		"plant": "insert into shelves.shelves (tenant_id, slug) values ('" + theirs + "', 'z')",
		"give":  "update shelves.shelves set tenant_id = '" + theirs + "'",
		"overwrite": "insert into shelves.shelves (tenant_id, id, slug) values ('" + theirs + "', '" + theirs + "', 'z') " +
			"on conflict (tenant_id, id) do update set slug = 'stolen'",
	} {
		_, err := as(t.Context(), d, mine, statement)
		refused(t, attack, err, "42501")
	}
	change(t, d, "alter table shelves.shelves disable row level security")
	sees(t, "read, without the policy", d, mine, 1, "select * from shelves.shelves"+whose)
}
