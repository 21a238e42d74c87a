package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
)

// listed is how many dead letters are shown: the newest, which is what one looks for.
const listed = 100

// jobsCommand is for the jobs that were given up. It needs Postgres alone.
func jobsCommand(ctx context.Context, p Process) error {
	switch {
	case len(p.Args) == 1 && p.Args[0] == "dead":
		return withDatabase(ctx, p, func(d *db.DB) error { return listDead(ctx, p.Stdout, d) })
	case len(p.Args) == 2 && p.Args[0] == "retry":
		return withDatabase(ctx, p, func(d *db.DB) error { return retryDead(ctx, p.Stdout, d, p.Args[1]) })
	}
	return usageError("want: jobs dead, or: jobs retry ID")
}

func withDatabase(ctx context.Context, p Process, fn func(*db.DB) error) error {
	cfg, err := config.Load(p.Environ)
	if err != nil {
		return err
	}
	database, err := db.Open(ctx, databaseOptions(cfg))
	if err != nil {
		return err
	}
	defer database.Close()
	return fn(database)
}

// listDead prints a line for each dead letter, with the first line of its error.
func listDead(ctx context.Context, w io.Writer, d *db.DB) error {
	letters, err := jobs.DeadLetters(ctx, d, listed)
	if err != nil {
		return err
	}
	if len(letters) == 0 {
		_, err := fmt.Fprintln(w, "no dead letters")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tKIND\tATTEMPTS\tGIVEN UP\tREQUEST\tERROR")
	for _, l := range letters {
		first, _, _ := strings.Cut(l.Error, "\n")
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\t%s\n", l.ID, l.Kind, l.Attempts, l.DiedAt.Format(time.RFC3339), l.RequestID, first)
	}
	return table.Flush()
}

// retryDead makes a job of a dead letter again.
func retryDead(ctx context.Context, w io.Writer, d *db.DB, id string) error {
	err := jobs.Retry(ctx, d, id)
	if errors.Is(err, jobs.ErrNoDeadLetter) {
		return fmt.Errorf("%w\n    %s jobs dead", err, name)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, "due again", id)
	return err
}
