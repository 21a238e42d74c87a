package db_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// without runs a query without the role of a schema, at work for a tenant, and returns the number of rows.
func without(t *testing.T, d *db.DB, tenant, query string) (n int64, err error) {
	t.Helper()
	err = d.InTx(inTenant(t.Context(), tenant), func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query)
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

func TestAttackWithoutTheRoleOfADomain(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "read with the login of the app, before it takes up the role of a domain")
	t.Attr("stopped", "a login that inherits nothing and is granted nothing but to take up roles")
	admin := dbtest.Options(t, shelves())
	app := login(t, admin, "noinherit")
	o := dbtest.Options(t, shelves())
	owner := open(t, o)
	change(t, owner, "grant myapp_shelves to "+app)
	o.URL = withLogin(t, o.URL, app)
	d := open(t, o)
	sees(t, "with the role", d, mine, 1, all)
	_, err := without(t, d, mine, all)
	refused(t, "without the role", err, "42501")
	change(t, owner, "grant usage on schema shelves to "+app+"; grant select on shelves.shelves to "+app)
	if n, err := without(t, d, mine, all); n != 1 || err != nil {
		t.Errorf("with a grant to the login it sees %d rows, error %v: this test proves nothing", n, err)
	}
}

func TestAttackAsSuperuser(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "read another tenant's rows where the app's login, or the owner of a view, is a superuser")
	t.Attr("stopped", "the role that each transaction takes up, and security_invoker; a superuser without them sees all")
	d := open(t, dbtest.Superuser(t, dbtest.Options(t, shelves())))
	sees(t, "a superuser in the role of a domain", d, mine, 1, all)
	if n, err := without(t, d, mine, all); n != 2 || err != nil {
		t.Errorf("without the role a superuser sees %d rows, error %v: this test proves nothing", n, err)
	}
	change(t, d, `
		create view shelves.plain as select * from shelves.shelves;
		create view shelves.safe with (security_invoker = true) as select * from shelves.shelves;
		grant select on shelves.plain, shelves.safe to myapp_shelves`)
	sees(t, "a superuser's view that asks as its reader", d, mine, 1, "select * from shelves.safe")
	sees(t, "a superuser's ordinary view", d, mine, 2, "select * from shelves.plain")
}

func TestAttackATypeThatStaysOnTheConnection(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "leave a type of the name text on the connection, whose check runs with the rights of the next domain")
	t.Attr("stopped", "no role of a domain may make what is temporary")
	const plant = `create domain pg_temp.text as pg_catalog.text`
	migrated := dbtest.Options(t)
	if _, err := db.Migrate(t.Context(), migrated, shelves()); err != nil {
		t.Fatal(err)
	}
	_, err := as(t.Context(), open(t, migrated), mine, plant)
	refused(t, "in a database that was migrated", err, "42501")
	d := open(t, dbtest.Options(t, shelves()))
	_, err = as(t.Context(), d, mine, plant)
	refused(t, "in the copy of one", err, "42501")

	change(t, d, `do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$`)
	if _, err := as(t.Context(), d, mine, plant); err != nil {
		t.Errorf("where everybody may: %v: this test proves nothing", err)
	}
}
