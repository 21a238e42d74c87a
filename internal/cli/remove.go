package cli

import (
	"github.com/spf13/cobra"

	"github.com/startkit/startkit/internal/flow"
)

func (c *console) removeCommand() *cobra.Command {
	remove := &cobra.Command{
		Use:     "remove FEATURE...",
		Short:   "Take features or a domain out; what was edited is kept and listed",
		Example: "  startkit remove asynq\n  startkit remove domain billing",
		Args:    atLeastOne("FEATURE..."),
	}
	options := c.changes(remove)
	remove.RunE = func(cmd *cobra.Command, args []string) error {
		return c.done(flow.RemoveFeatures(cmd.Context(), args, options()))
	}
	domain := &cobra.Command{Use: "domain NAME", Short: "Take a domain out", Args: exactly(1, "NAME")}
	of := c.changes(domain)
	domain.RunE = func(cmd *cobra.Command, args []string) error {
		return c.done(flow.RemoveDomain(cmd.Context(), args[0], of()))
	}
	remove.AddCommand(domain)
	for _, kind := range kinds {
		remove.AddCommand(c.partCommand(kind, "Take out ", flow.RemovePart))
	}
	return remove
}

func (c *console) setCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "set KEY=VALUE...",
		Short:   "Change the name or the module path",
		Example: "  startkit set module=github.com/acme/shop\n  startkit set name=store",
		Args:    atLeastOne("KEY=VALUE"),
	}
	options := c.changes(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.done(flow.Set(cmd.Context(), args, options()))
	}
	return cmd
}
