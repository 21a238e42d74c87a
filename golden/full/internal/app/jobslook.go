package app

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"example.com/myapp/internal/platform/jobs"
)

// jobsCommands are for the jobs that are to be done.
func jobsCommands() []adminCommand {
	return []adminCommand{
		{"jobs ls", "", "list jobs that are to be done, those that are due longest first", jobsList},
		{"jobs show", "ID", "how far one of them has come", jobsShow},
		{"jobs cancel", "ID", "delete one that waits, or end one of steps after the step that runs", jobsCancel},
	}
}

// jobsList prints a line for each of them.
func jobsList(ctx context.Context, p adminProcess) error {
	if len(p.Args) != 0 {
		return usageError("want: admin jobs ls")
	}
	found, err := jobs.List(ctx, p.database, listed)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tKIND\tQUEUE\tDUE\tFAILED\tDONE\tTOTAL")
	for _, j := range found {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%d\n", j.ID, j.Kind, j.Queue, j.RunAt.UTC().Format(time.RFC3339), j.Attempts, j.Done, j.Total)
	}
	return table.Flush()
}

// jobsShow prints all that is known of one.
func jobsShow(ctx context.Context, p adminProcess) error {
	if len(p.Args) != 1 {
		return usageError("want: admin jobs show ID")
	}
	j, err := jobs.Find(ctx, p.database, p.Args[0])
	if err != nil {
		return pointToJobs(err)
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "id\t%s\nkind\t%s\nqueue\t%s\ntenant\t%s\n", j.ID, j.Kind, j.Queue, j.TenantID)
	fmt.Fprintf(table, "due\t%s\nfailed\t%d\nlast error\t%s\n", j.RunAt.UTC().Format(time.RFC3339), j.Attempts, j.LastError)
	if j.BeatAt != nil {
		fmt.Fprintf(table, "last step\t%s\ndone\t%d of %d\ncanceled\t%t\n", j.BeatAt.UTC().Format(time.RFC3339), j.Done, j.Total, j.Canceled)
	}
	return table.Flush()
}

// jobsCancel cancels one.
func jobsCancel(ctx context.Context, p adminProcess) error {
	if len(p.Args) != 1 {
		return usageError("want: admin jobs cancel ID")
	}
	waited, err := jobs.Cancel(
		ctx, p.database, p.Args[0],
		recordDone("jobs.job_canceled", p.Args[0], nil),
	)
	if err != nil {
		return pointToJobs(err)
	}
	if waited {
		_, err = fmt.Fprintln(p.Stdout, "deleted", p.Args[0])
	} else {
		_, err = fmt.Fprintln(p.Stdout, "it is being run: if it is one of steps, this is the last; else it is done")
	}
	return err
}

// pointToJobs says where to look for the id that was not found.
func pointToJobs(err error) error {
	if errors.Is(err, jobs.ErrNoJob) {
		return fmt.Errorf("%w\n    %s admin jobs ls", err, name)
	}
	return err
}
