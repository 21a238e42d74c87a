package app

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"example.com/myapp/internal/platform/db"
)

// traceQuery is what the request $1 left, in the order in which it happened.
const traceQuery = `
	select at, 'audit' as place, action || ' ' || outcome as happened, subject as about, tenant_id::text as tenant
	from audit.entries where request_id = $1
	union all
	select created_at, 'job', kind || ', tried ' || attempts || ' times', id::text, coalesce(tenant_id::text, '')
	from jobs.jobs where request_id = $1 and request_id <> ''
	union all
	select died_at, 'dead letter', kind || ', tried ' || attempts || ' times', id::text, coalesce(tenant_id::text, '')
	from jobs.dead_letters where request_id = $1
	union all
	select occurred_at, 'event', type, id::text, coalesce(tenant_id::text, '')
	from events.events where request_id = $1 and request_id <> ''
	order by at`

// traceRequest prints what a request left in the database, and what followed from it, a line each. The rest is in the log, by
// the same id.
func traceRequest(ctx context.Context, p adminProcess) error {
	found, err := db.All[struct {
		At                             time.Time
		Place, Happened, About, Tenant string
	}](ctx, db.AcrossTenants(p.database, "trace a request"), traceQuery, p.Args[0])
	if err != nil {
		return fmt.Errorf("trace request: %w", err)
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "AT\tPLACE\tHAPPENED\tABOUT\tTENANT")
	for _, f := range found {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", f.At.UTC().Format(time.RFC3339), f.Place, f.Happened, f.About, f.Tenant)
	}
	return table.Flush()
}
