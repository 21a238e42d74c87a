package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/flow"
	"github.com/startkit/startkit/internal/name"
)

func (c *console) addCommand() *cobra.Command {
	add := &cobra.Command{
		Use:   "add",
		Short: "Add to a repository that its owners have edited",
		Args:  exactly(0, ""),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	add.AddCommand(c.addDomainCommand())
	return add
}

func (c *console) addDomainCommand() *cobra.Command {
	var d answers.Domain
	var force bool
	cmd := &cobra.Command{
		Use:     "domain NAME",
		Short:   "Add a domain with one entity",
		Long:    "domain adds a package below internal/domains with its own Postgres schema, routes and\ntests, and makes it known to the composition root. Adding it twice changes nothing.",
		Example: "  startkit add domain orders\n  startkit add domain billing --entity invoice",
		Args:    exactly(1, "NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d.Name = args[0]
			return c.runAddDomain(cmd.Context(), d, force)
		},
	}
	cmd.Flags().StringVar(&d.Entity, "entity", "", "the domain's first entity, a `NOUN` in the singular (default from the domain's name)")
	cmd.Flags().StringVar(&d.Plural, "plural", "", "the entity's `PLURAL`, where it is not regular")
	cmd.Flags().BoolVar(&force, "force", false, "merge into files with changes that are not committed")
	return cmd
}

func (c *console) runAddDomain(ctx context.Context, d answers.Domain, force bool) error {
	if d.Entity == "" {
		d.Entity = name.Singular(d.Name)
	}
	if d.Plural == "" {
		d.Plural = name.Plural(d.Entity)
	}
	if err := name.CheckDomain(d); err != nil {
		return err
	}
	r, err := flow.AddDomain(ctx, flow.AddRequest{Dir: c.where(), Domain: d, Force: force, DryRun: c.dryRun})
	if err != nil {
		return err
	}
	return c.report(r)
}
