package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
)

// wantRecorded compares what the audit log has of commands, the action and its subject, each by who ran it. The chain is whole.
func wantRecorded(t *testing.T, environ []string, entries ...string) {
	t.Helper()
	cfg, err := config.Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	database, err := db.Open(t.Context(), databaseOptions(cfg))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	got := dbtest.Value[[]string](t, db.AcrossTenants(database, "look at the audit log"), `
		select coalesce(array_agg(action || ' ' || subject order by seq), '{}') from audit.entries
		where request_id = $1 and actor_id is null and tenant_id = '00000000-0000-0000-0000-000000000000'`, ranBy())
	if diff := cmp.Diff(entries, got); diff != "" {
		t.Errorf("in the audit log (-want +got):\n%s", diff)
	}
	if code, stdout, stderr := execute(t, environ, "admin", "audit", "verify"); code != 0 {
		t.Errorf("verify ends with %d, prints %q and %q", code, stdout, stderr)
	}
}
