package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/flow"
)

func (c *console) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the features: what each brings, needs, and why",
		Args:  exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			features := flow.Features()
			if c.json {
				return c.printJSON(features)
			}
			for _, f := range features {
				c.feature(f)
			}
			return nil
		},
	}
}

func (c *console) feature(f flow.Feature) {
	name := f.Name
	if f.Alias != "" {
		name += " (" + f.Alias + ")"
	}
	fmt.Fprintf(c.out, "%-16s %s\n", c.colour(c.out, "1", name), f.Summary)
	row := func(word string, list []string) {
		if len(list) > 0 {
			fmt.Fprintf(c.out, "%-16s %-8s %s\n", "", word, strings.Join(list, ", "))
		}
	}
	row("needs", f.Needs)
	row("provides", f.Provides)
	row("brings", f.Brings)
	for line := range strings.Lines(f.Doc) {
		fmt.Fprintf(c.out, "%-16s %s\n", "", strings.TrimSpace(line))
	}
	fmt.Fprintln(c.out)
}

func (c *console) whyCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "why PATH[:LINE]",
		Short:   "Say which template wrote a file or a line, and why it is there",
		Long:    "why names the templates behind a file, and why the features they belong to are there.\nLINE counts in the file as it was rendered; startkit diff shows what moved since.",
		Example: "  startkit why compose.yaml\n  startkit why internal/app/app.go:40",
		Args:    exactly(1, "PATH[:LINE]"),
		RunE: func(_ *cobra.Command, args []string) error {
			sources, err := flow.Why(c.where(), args[0])
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(sources)
			}
			for _, s := range sources {
				fmt.Fprintf(c.out, "%-10s %s  (%s)\n", s.Lines, s.Template, s.Reason)
			}
			return nil
		},
	}
}

func (c *console) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			if c.json {
				return c.printJSON(map[string]string{"version": answers.Version, "module": answers.Tool})
			}
			fmt.Fprintln(c.out, "startkit", answers.Version)
			return nil
		},
	}
}
