package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"example.com/myapp/internal/platform/jobs"
)

// listed is how many dead letters are shown: the newest, which is what one looks for.
const listed = 100

// dlqCommands are for the jobs that were given up.
func dlqCommands() []adminCommand {
	return []adminCommand{
		{"dlq ls", "", "list jobs that failed for good, newest first", dlqList},
		{"dlq show", "ID", "what one of them was to do, and how each try ended", dlqShow},
		{"dlq retry", "ID", "make it due again", dlqChange("retried", jobs.Retry)},
		{"dlq drop", "ID", "delete it undone", dlqChange("dropped", jobs.Drop)},
	}
}

// dlqList prints a line for each dead letter, with the first line of its error.
func dlqList(ctx context.Context, p adminProcess) error {
	letters, err := jobs.DeadLetters(ctx, p.database, listed)
	if err != nil {
		return err
	}
	if len(letters) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "no dead letters")
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tKIND\tATTEMPTS\tGIVEN UP\tREQUEST\tERROR")
	for _, l := range letters {
		first, _, _ := strings.Cut(l.LastError, "\n")
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\t%s\n", l.ID, l.Kind, l.Attempts, l.DiedAt.Format(time.RFC3339), l.RequestID, first)
	}
	return table.Flush()
}

// dlqShow prints all that is known of a dead letter, and below it the last error with its lines.
func dlqShow(ctx context.Context, p adminProcess) error {
	l, err := jobs.FindDeadLetter(ctx, p.database, p.Args[0])
	if err != nil {
		return pointToList(err)
	}
	text, err := json.MarshalIndent(l, "", "    ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Stdout, "%s\n\n%s\n", text, l.LastError)
	return err
}

// dlqChange returns a command that does one thing to a dead letter and says what was done.
func dlqChange(done string, change jobs.LetterChange) func(context.Context, adminProcess) error {
	return func(ctx context.Context, p adminProcess) error {
		err := change(
			ctx, p.database, p.Args[0],
			recordDone("jobs.dead_letter_"+done, p.Args[0], nil),
		)
		if err != nil {
			return pointToList(err)
		}
		_, err = fmt.Fprintln(p.Stdout, done, p.Args[0])
		return err
	}
}

// pointToList says where to look for the id that was not found.
func pointToList(err error) error {
	if errors.Is(err, jobs.ErrNoDeadLetter) {
		return fmt.Errorf("%w\n    %s admin dlq ls", err, name)
	}
	return err
}
