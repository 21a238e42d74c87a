package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/id"
)

// eventsListed is how many events are shown: the newest.
const eventsListed = 100

// eventCommands are for what happened, and for those who are told.
func eventCommands() []adminCommand {
	return []adminCommand{
		{"events ls", "[--type TYPE] [--tenant ID] [--since TIME]", "list what happened, newest first", eventsList},
		{"events show", "ID", "what became of the deliveries of an event", eventsShow},
		{"events subscribers", "", "who listens, and what each has not done yet", eventsSubscribers},
		{
			"events replay", "--to SUBSCRIBER --since TIME [--type TYPE] [--tenant ID] [--again]",
			"tell a subscriber what it was never told; with --again all", eventsReplay,
		},
	}
}

func eventsList(ctx context.Context, p adminProcess) error {
	var f events.Filter
	if err := eventFlags(p.Args, &f, flag.NewFlagSet("admin events ls", flag.ContinueOnError)); err != nil {
		return err
	}
	found, err := events.List(ctx, p.database, f, eventsListed)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tAT\tTYPE\tTENANT\tACTOR\tCAUSE\tREQUEST\tPAYLOAD")
	for _, e := range found {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.At, e.Type, e.Tenant, e.Actor, e.Cause, e.Request, e.Payload)
	}
	return table.Flush()
}

func eventsShow(ctx context.Context, p adminProcess) error {
	event, err := id.ParseUUID(p.Args[0])
	if err != nil {
		return usageError("admin events show: " + err.Error())
	}
	told, err := events.Deliveries(ctx, p.database, event)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SUBSCRIBER\tSTATE\tAT\tATTEMPTS\tERROR")
	for _, d := range told {
		first, _, _ := strings.Cut(d.Error, "\n")
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\n", d.Subscriber, d.State, d.At.UTC().Format(time.RFC3339), d.Attempts, first)
	}
	return table.Flush()
}

func eventsSubscribers(ctx context.Context, p adminProcess) error {
	found, err := events.Backlogs(ctx, p.database)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SUBSCRIBER\tPENDING\tFAILED\tDEAD\tOLDEST")
	for _, b := range found {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%s\n", b.Subscriber, b.Pending, b.Failed, b.Dead, time.Since(b.Oldest).Round(time.Second))
	}
	return table.Flush()
}

func eventsReplay(ctx context.Context, p adminProcess) error {
	var r events.Replay
	flags := flag.NewFlagSet("admin events replay", flag.ContinueOnError)
	flags.StringVar(&r.To, "to", "", "")
	flags.BoolVar(&r.Again, "again", false, "")
	if err := eventFlags(p.Args, &r.Filter, flags); err != nil {
		return err
	}
	if r.To == "" || r.Since.IsZero() {
		return usageError("want: admin events replay --to SUBSCRIBER --since TIME")
	}
	n, err := r.Run(
		ctx, p.database,
		recordDone("events.replayed", r.To, r),
	)
	if errors.Is(err, events.ErrNoSubscriber) {
		return fmt.Errorf("%w\n    %s admin events subscribers", err, name)
	}
	fmt.Fprintln(p.Stdout, n, "deliveries are due")
	return err
}

// eventFlags reads the arguments that choose events, beside those that flags has already.
func eventFlags(args []string, f *events.Filter, flags *flag.FlagSet) error {
	flags.SetOutput(io.Discard) // the error tells it
	flags.StringVar(&f.Type, "type", "", "")
	flags.Func("tenant", "", func(text string) error {
		tenant, err := id.ParseUUID(text)
		f.Tenant = &tenant
		return err
	})
	flags.Func("since", "", func(text string) (err error) {
		if f.Since, err = time.Parse(time.DateOnly, text); err != nil {
			f.Since, err = time.Parse(time.RFC3339, text)
		}
		return err
	})
	if err := flags.Parse(args); err != nil {
		return usageError(flags.Name() + ": " + err.Error())
	}
	if flags.NArg() > 0 {
		return usageError(flags.Name() + " takes no " + flags.Arg(0))
	}
	return nil
}
