package app

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"example.com/myapp/internal/platform/jobs"
)

// jobStats prints a line for each queue.
func jobStats(ctx context.Context, p adminProcess) error {
	if len(p.Args) != 0 {
		return usageError("want: admin jobs stats")
	}
	stats, err := jobs.Stats(ctx, p.database)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "QUEUE\tWAITING\tOLDEST\tBEGUN\tLATER\tRETRIED\tDEAD")
	for _, s := range stats {
		oldest := time.Duration(s.OldestSeconds * float64(time.Second)).Round(time.Second)
		fmt.Fprintf(table, "%s\t%d\t%s\t%d\t%d\t%d\t%d\n", s.Queue, s.Waiting, oldest, s.Begun, s.Later, s.Retried, s.Dead)
	}
	return table.Flush()
}
