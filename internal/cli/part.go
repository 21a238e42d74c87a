package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/flow"
)

// kind is what the command line says of a kind of part.
type kind struct{ name, what, makes, example string }

// kinds are the kinds of parts of a domain.
var kinds = []kind{
	{answers.Job, "a job", "a job of the domain: its fields, its handler and how often it is tried, in one file, with a\ntest that runs it on a real database, and a row in the domain's Jobs.", "send_reminder"},
	{answers.Event, "an event", "an event of the domain: its type, and the form to which it is held from then on, with\na test that publishes it and listens.", "overdue"},
	{answers.Endpoint, "an endpoint", "an operation on one of the domain's rows: its route with access and audit action, its\ncommand and its permission, with a test that asks for it in the name of who may and who may not.", "approve"},
	{answers.Migration, "a migration", "the next migration of the domain. One that is called create_payments makes that table,\nclosed to other tenants; one that is called add_due_date, or due_date, adds that column.", "add_due_date"},
}

// partCommand is the command that does something to a part of a domain.
func (c *console) partCommand(k kind, verb string, do func(context.Context, answers.Part, flow.Options) (flow.Report, error)) *cobra.Command {
	p := answers.Part{Kind: k.name}
	cmd := &cobra.Command{
		Use:   k.name + " NAME",
		Short: verb + k.what + " of a domain",
		Args:  exactly(1, "NAME"),
	}
	if verb == "Add " {
		cmd.Long = k.name + " adds " + k.makes + "\nAdding it twice changes nothing."
		cmd.Example = "  startkit add " + k.name + " " + k.example + " --domain billing"
	}
	options := c.changes(cmd)
	cmd.Flags().StringVar(&p.Domain, "domain", "", "the `DOMAIN` that it is a part of (default the only one)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		p.Name = strings.ReplaceAll(args[0], "-", "_")
		return c.done(do(cmd.Context(), p, options()))
	}
	return cmd
}
