// Package cli is the command line: it reads flags, asks what is missing, hands
// over to flow, and says what happened. It decides nothing about repositories.
//
//	args -> cobra -> a command's file -> flow recipe -> Report -> text or JSON
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/ask"
	"github.com/startkit/startkit/internal/fault"
)

// console is what the commands share: the streams and the global flags.
type console struct {
	in, out, err *os.File
	prompter     ask.Prompter // nil when there is nobody to ask

	dir     string
	dryRun  bool
	json    bool
	yes     bool
	noColor bool
}

// Main runs a command line and returns its exit code: 0 done, 1 refused, 2
// usage, 3 a person must decide, 4 authentication.
func Main(args []string, in, out, stderr *os.File) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &console{in: in, out: out, err: stderr, prompter: ask.Terminal(ctx, in, stderr)}
	root := c.root()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if errors.Is(err, ask.ErrInterrupted) || errors.Is(err, context.Canceled) {
		err = fault.Interrupted()
	}
	if err != nil {
		fmt.Fprintln(stderr, c.red("startkit:"), err)
	}
	return fault.Code(err)
}

func (c *console) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "startkit",
		Short:         "Generate a Go repository for a startup, and keep it changeable",
		Long:          "startkit turns a handful of answers into a Go repository, and grows it afterwards\nwithout losing what its owners wrote.",
		Version:       answers.Version,
		SilenceErrors: true, SilenceUsage: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fault.UnknownCommand(args[0], cmd.SuggestionsFor(args[0]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("startkit {{.Version}}\n")
	root.SuggestionsMinimumDistance = 2
	f := root.PersistentFlags()
	f.StringVarP(&c.dir, "chdir", "C", "", "run as if started in `DIR`")
	f.BoolVar(&c.dryRun, "dry-run", false, "say what would happen and write nothing")
	f.BoolVar(&c.json, "json", false, "print the result as JSON")
	f.BoolVarP(&c.yes, "yes", "y", false, "ask nothing; defaults hold")
	f.BoolVar(&c.noColor, "no-color", false, "print without colour")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return fault.BadFlag(err, cmd.CommandPath()) })
	root.AddCommand(c.newCommand(), c.addCommand(), c.listCommand(), c.whyCommand(), c.versionCommand(),
		c.removeCommand(), c.updateCommand(), c.statusCommand(), c.diffCommand(), c.setCommand(), c.treeCommand(), c.pushCommand())
	return root
}

// where returns the folder that a command runs in.
func (c *console) where() string {
	if c.dir == "" {
		return "."
	}
	return c.dir
}

// asks says whether questions may be asked.
func (c *console) asks() bool { return c.prompter != nil && !c.yes }

func (c *console) red(s string) string { return c.colour(c.err, "31", s) }

// colour paints text where it stands on a terminal that wants colour.
func (c *console) colour(to *os.File, code, s string) string {
	if c.noColor || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || !term.IsTerminal(int(to.Fd())) {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// atMost checks that a command has no more arguments than it takes.
func atMost(n int, usage string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return fault.Arguments(cmd.CommandPath(), usage, len(args))
		}
		return nil
	}
}

// exactly checks the number of arguments of a command.
func exactly(n int, usage string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fault.Arguments(cmd.CommandPath(), strings.TrimSpace(usage), len(args))
		}
		return nil
	}
}
