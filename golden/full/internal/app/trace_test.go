package app

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/logging"
)

func TestARequestIsTracedByItsID(t *testing.T) {
	t.Parallel()
	options := dbtest.Options(t, schemas()...)
	database, err := db.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	for request, subjects := range map[string][]string{"r1": {"order_1", "order_2"}, "r2": {"order_3"}} {
		for _, subject := range subjects {
			err := database.As("audit").InTx(logging.WithRequestID(t.Context(), request), func(ctx context.Context, tx pgx.Tx) error {
				return audit.Record(ctx, tx, audit.Entry{Action: "orders.order_created", Subject: subject})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	environ := working("DATABASE_URL=" + options.URL.Reveal())
	code, stdout, stderr := execute(t, environ, "admin", "trace", "request", "r1")
	var got []string
	for line := range strings.Lines(stdout) {
		if fields := strings.Fields(line); fields[0] != "AT" {
			got = append(got, strings.Join(fields[1:5], " "))
		}
	}
	want := []string{"audit orders.order_created done order_1", "audit orders.order_created done order_2"}
	if diff := cmp.Diff(want, got); diff != "" || code != 0 {
		t.Errorf("it ends with %d, %s (-want +got):\n%s", code, stderr, diff)
	}
	if code, _, _ := execute(t, environ, "admin", "trace", "request"); code != 2 {
		t.Errorf("without an id it ends with %d, want 2", code)
	}
}

// What is read of each table, and by what of an index.
var (
	readsTable = regexp.MustCompile(`(?:Seq|Index|Index Only|Heap) Scan`)
	byRequest  = regexp.MustCompile(`(?:Index|Recheck) Cond: \((?:\w+\.)?request_id = `)
)

func TestARequestIsTracedWithoutReadingWholeTables(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, schemas()...)
	var plan string
	err := db.AcrossTenants(database, "trace a request").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local enable_seqscan = off`); err != nil { // the tables are empty
			return err
		}
		rows, _ := tx.Query(ctx, "explain (costs off) "+traceQuery, "r1") // its error is that of CollectRows
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		plan = strings.Join(lines, "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	read, found := len(readsTable.FindAllString(plan, -1)), len(byRequest.FindAllString(plan, -1))
	if read == 0 || read != found {
		t.Errorf("%d tables and indexes are read, %d of them by the id of the request:\n%s", read, found, plan)
	}
}
