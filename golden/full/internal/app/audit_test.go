package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

func TestAuditLogIsVerifiedAgainstTheHeadsThatWereKept(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, schemas()...)
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	err = database.As("audit").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Action: "orders.order_created"})
	})
	if err != nil {
		t.Fatal(err)
	}
	environ := working("DATABASE_URL=" + o.URL.Reveal())
	code, kept, stderr := execute(t, environ, "admin", "audit", "anchor")
	if code != 0 || strings.Count(kept, "\n") != 1 {
		t.Fatalf("anchor ends with %d, prints %q and %q", code, kept, stderr)
	}
	file := filepath.Join(t.TempDir(), "anchors")
	if err := os.WriteFile(file, []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr := execute(t, environ, "admin", "audit", "verify", file); code != 0 || stdout != "1 chains are whole\n" {
		t.Errorf("verify ends with %d, prints %q and %q", code, stdout, stderr)
	}
	if err := database.InTx(t.Context(), dbtest.Exec("truncate audit.entries, audit.heads")); err != nil {
		t.Fatal(err)
	}
	want := "chain 00000000-0000-0000-0000-000000000000: entry 1 is missing: entry 1 was anchored\n"
	if code, stdout, _ := execute(t, environ, "admin", "audit", "verify", file); code != 1 || stdout != want {
		t.Errorf("verify of what was truncated ends with %d, prints %q", code, stdout)
	}
}

func TestWhoMeetsADatabaseThatWasNotMigratedIsToldHowToMendIt(t *testing.T) {
	t.Parallel()
	environ := append(available(t), "DATABASE_URL="+dbtest.Options(t).URL.Reveal())
	const hint = "(SQLSTATE 42P01)\n    myapp migrate    brings the database up to date\n"
	for _, words := range []string{"verify", "anchor"} {
		if code, _, stderr := execute(t, environ, "admin", "audit", words); code != 1 || !strings.HasSuffix(stderr, hint) {
			t.Errorf("%s ends with %d and %q, want %q", words, code, stderr, hint)
		}
	}
}
