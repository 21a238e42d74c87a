package dbtest

import (
	"errors"
	"os"
	"testing"

	"example.com/myapp/internal/devenv"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/secret"
)

// Pooled returns how to open the database of o through a PgBouncer of the test's own, which shares two connections among all
// clients, a transaction each. Without the program the test is skipped, and make attack says so; with TEST_PGBOUNCER=required, as
// in CI, it fails.
func Pooled(t testing.TB, o db.Options) db.Options {
	t.Helper()
	pooler, err := devenv.PgBouncer(t.Context(), o.URL.Reveal())
	if errors.Is(err, devenv.ErrNoPgBouncer) && os.Getenv("TEST_PGBOUNCER") != "required" {
		t.Attr("untried", err.Error())
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pooler.Stop(); err != nil {
			t.Error(err)
		}
	})
	o.MigrateURL = o.URL
	o.URL, o.Pooler = secret.New(pooler.URL), true
	return o
}
