package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/flow"
	"github.com/startkit/startkit/internal/name"
)

// changes adds the flag of all commands that write to a repository, and
// returns what they have in common.
func (c *console) changes(cmd *cobra.Command) func() flow.Options {
	force := cmd.Flags().Bool("force", false, "merge into files with changes that are not committed")
	return func() flow.Options {
		return flow.Options{Dir: c.where(), Force: *force, DryRun: c.dryRun}
	}
}

// atLeastOne checks that a command has arguments.
func atLeastOne(usage string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fault.Arguments(cmd.CommandPath(), usage, 0)
		}
		return nil
	}
}

// done reports what a recipe did.
func (c *console) done(r flow.Report, err error) error {
	if err != nil {
		return err
	}
	return c.report(r)
}

func (c *console) addCommand() *cobra.Command {
	add := &cobra.Command{
		Use:     "add FEATURE...",
		Short:   "Add features or a domain to a repository that its owners have edited",
		Example: "  startkit add redis asynq\n  startkit add domain billing --entity invoice",
		Args:    atLeastOne("FEATURE..."),
	}
	options := c.changes(add)
	add.RunE = func(cmd *cobra.Command, args []string) error {
		return c.done(flow.AddFeatures(cmd.Context(), args, options()))
	}
	add.AddCommand(c.addDomainCommand())
	for _, kind := range kinds {
		add.AddCommand(c.partCommand(kind, "Add ", flow.AddPart))
	}
	return add
}

func (c *console) addDomainCommand() *cobra.Command {
	var d answers.Domain
	cmd := &cobra.Command{
		Use:     "domain NAME",
		Short:   "Add a domain with one entity",
		Long:    "domain adds a package below internal/domains with its own Postgres schema, routes and\ntests, and makes it known to the composition root. Adding it twice changes nothing.",
		Example: "  startkit add domain orders\n  startkit add domain billing --entity invoice",
		Args:    exactly(1, "NAME"),
	}
	options := c.changes(cmd)
	global := cmd.Flags().Bool("global", false, "its rows are the same for everybody, and no tenant's")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		d.Name, d.Global = args[0], *global
		return c.addDomain(cmd.Context(), d, options())
	}
	cmd.Flags().StringVar(&d.Entity, "entity", "", "the domain's first entity, a `NOUN` in the singular (default from the domain's name)")
	cmd.Flags().StringVar(&d.Plural, "plural", "", "the entity's `PLURAL`, where it is not regular")
	return cmd
}

func (c *console) addDomain(ctx context.Context, d answers.Domain, o flow.Options) error {
	if d.Entity == "" {
		d.Entity = name.Singular(d.Name)
	}
	if d.Plural == "" {
		d.Plural = name.Plural(d.Entity)
	}
	if err := name.CheckDomain(d); err != nil {
		return err
	}
	return c.done(flow.AddDomain(ctx, d, o))
}
