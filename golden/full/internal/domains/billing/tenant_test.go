package billing_test

import (
	"net/http"
	"strings"
	"testing"

	"example.com/myapp/internal/domains/billing"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/page"
)

// every is the database as the role that sees the rows of every tenant.
func every(database *db.DB) *db.DB {
	return db.AcrossTenants(database, "look at every tenant")
}

func TestAnotherTenantFindsNothing(t *testing.T) {
	database, c := start(t)
	at, created := create(t, c, "first")
	other := c.As(billing.ActingIn(t.Context(), id.New(), billing.Read, billing.Write))
	for what, w := range map[string]func() string{
		"get":    func() string { return httpxtest.Code(t, other.Do("GET", at, "", 0)) },
		"update": func() string { return httpxtest.Code(t, other.Do("PUT", at, `{"name": "stolen"}`, 1)) },
		"delete": func() string { return httpxtest.Code(t, other.Do("DELETE", at, "", 0)) },
	} {
		if got := w(); got != "404 invoice_not_found" {
			t.Errorf("%s what is another tenant's: %s", what, got)
		}
	}
	if list := other.Do("GET", path, "", 0).Body.String(); list != "{\"items\":[]}\n" {
		t.Errorf("list in another tenant: %s", list)
	}
	if got := httpxtest.Decode[billing.Invoice](t, c.Do("GET", at, "", 0)); got != created {
		t.Errorf("it is now %+v, want %+v", got, created)
	}
	if n := dbtest.Value[int](t, every(database), `select count(distinct tenant_id) from billing.invoices`); n != 1 {
		t.Errorf("the rows are of %d tenants, want 1", n)
	}
}

func TestSQLThatForgetsTheTenantSeesAndWritesItsOwn(t *testing.T) {
	database, c := start(t)
	create(t, c, "first")
	theirs := billing.ActingIn(t.Context(), id.New())
	mine := database.As("billing")
	for _, statement := range []string{
		`update billing.invoices set name = 'stolen'`,
		`delete from billing.invoices`,
	} {
		if err := mine.InTx(theirs, dbtest.Exec(statement)); err != nil {
			t.Fatal(err)
		}
	}
	if n := dbtest.Value[int](t, every(database), `select count(*) from billing.invoices where name = 'first'`); n != 1 {
		t.Errorf("%d rows are as they were, want 1", n)
	}
	const insert = `insert into billing.invoices (tenant_id, id, name) values ($1, $2, 'planted')`
	if err := mine.InTx(theirs, dbtest.Exec(insert, id.New(), id.New())); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("insert into another tenant: got %v, want that the policy refuses it", err)
	}
	if err := mine.InTx(t.Context(), dbtest.Exec(`insert into billing.invoices (id, name) values ($1, 'x')`, id.New())); err == nil {
		t.Error("a row of no tenant was taken")
	}
	if n := dbtest.Value[int](t, database, `select count(*) from billing.invoices`); n != 0 {
		t.Errorf("who owns the table sees %d rows, want none", n)
	}
}

func TestWhatARoleMayDoIsAskedAtTheRouteAndInTheCommand(t *testing.T) {
	database, c := start(t)
	at, _ := create(t, c, "first")
	reader := billing.ActingIn(billing.Acting(t.Context()), authz.From(billing.Acting(t.Context())).Tenant, billing.Read)
	if w := c.As(reader).Do("GET", at, "", 0); w.Code != http.StatusOK {
		t.Errorf("who may read is refused: %d %s", w.Code, w.Body)
	}
	c.Refused("update by a reader", c.As(reader).Do("PUT", at, `{"name": "x"}`, 1), 403, "permission_denied")
	c.Refused("get by nobody", c.As(t.Context()).Do("GET", at, "", 0), 401, "unauthenticated")

	service := billing.New(database)
	if _, err := service.Create(reader, billing.CreateRequest{}); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("create by a reader: %v", err)
	}
	if _, err := service.List(t.Context(), page.Request{}); err == nil {
		t.Error("nobody may list")
	}
}
