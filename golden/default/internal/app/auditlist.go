package app

import (
	"context"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/id"
)

// auditListed is how many entries are shown at most.
const auditListed = 100

// auditList prints a line for each entry, the newest first.
func auditList(ctx context.Context, p adminProcess) error {
	f, err := auditFilter(p.Args)
	if err != nil {
		return err
	}
	found, err := audit.List(ctx, p.database, f, auditListed)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "AT\tTENANT\tENTRY\tACTOR\tACTION\tOUTCOME\tSUBJECT\tDETAILS\tREQUEST")
	for _, e := range found {
		actor := "-"
		if e.Actor != nil {
			actor = e.Actor.String()
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n",
			e.At.UTC().Format(time.RFC3339), e.Tenant, e.Seq, actor, e.Action, e.Outcome, e.Subject, e.Details, e.RequestID)
	}
	return table.Flush()
}

// auditFilter reads the arguments of audit ls.
func auditFilter(args []string) (f audit.Filter, err error) {
	flags := flag.NewFlagSet("audit ls", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error tells it
	flags.Func("tenant", "", func(text string) error {
		tenant, err := id.ParseUUID(text)
		f.Tenant = &tenant
		return err
	})
	flags.StringVar(&f.Subject, "subject", "", "")
	flags.StringVar(&f.RequestID, "request", "", "")
	if err := flags.Parse(args); err != nil {
		return f, usageError("admin audit ls: " + err.Error())
	}
	if flags.NArg() > 0 {
		return f, usageError("admin audit ls takes no " + flags.Arg(0))
	}
	return f, nil
}
