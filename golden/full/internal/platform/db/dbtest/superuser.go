package dbtest

import (
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/secret"
)

// Superuser returns o with a login to which Postgres refuses nothing, and skips the test where there is none: that of
// TEST_DATABASE_URL need not be one.
func Superuser(t testing.TB, o db.Options) db.Options {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(o.URL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	if s.own != nil {
		u.User = url.User("postgres") // the one that package devenv gives its servers
	}
	conn, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var is bool
	if err := conn.QueryRow(t.Context(), "select rolsuper from pg_roles where rolname = current_user").Scan(&is); err != nil {
		t.Fatal(err)
	}
	if !is {
		const whyNot = "the login of TEST_DATABASE_URL is no superuser"
		t.Attr("untried", whyNot)
		t.Skip(whyNot)
	}
	o.URL = secret.New(u.String())
	return o
}
