package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/ask"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/flow"
	"github.com/startkit/startkit/internal/name"
)

// newFlags are the flags of `startkit new`.
type newFlags struct {
	stack    []string
	module   string
	license  string
	answers  string
	dir      string
	noGit    bool
	hasStack bool
	to       string // where to push to; "" for nowhere
	push     pushFlags
}

func (c *console) newCommand() *cobra.Command {
	var f newFlags
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Make a repository",
		Long:  "new makes the folder NAME with a repository that builds, tests and runs, and commits\nit. It refuses a folder that holds anything. On a terminal it asks for what is missing.",
		Example: "  startkit new myapp\n  startkit new myapp --stack=pg,redis,asynq --module=github.com/acme/myapp\n" +
			"  startkit new copy --answers=myapp/startkit.mod\n  startkit new myapp --push acme/myapp",
		Args: atMost(1, "NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.hasStack = cmd.Flags().Changed("stack")
			return c.runNew(cmd.Context(), f, args)
		},
	}
	cmd.Flags().StringSliceVar(&f.stack, "stack", nil, "`FEATURES`, separated by commas; startkit list names them (default pre-seed)")
	cmd.Flags().StringVar(&f.module, "module", "", "`PATH` of the Go module (default from the name and git's identity)")
	cmd.Flags().StringVar(&f.license, "license", "", "`NAME` of a licence to add: mit (default none)")
	cmd.Flags().StringVar(&f.answers, "answers", "", "`FILE` with answers, in the form of startkit.mod")
	cmd.Flags().StringVar(&f.dir, "dir", "", "`PATH` of the folder to make (default ./NAME)")
	cmd.Flags().BoolVar(&f.noGit, "no-git", false, "make no git repository")
	cmd.Flags().StringVar(&f.to, "push", "", "`OWNER/NAME` to push it to on GitHub; see startkit push")
	f.push.add(cmd)
	return cmd
}

func (c *console) runNew(ctx context.Context, f newFlags, args []string) error {
	if strings.HasPrefix(f.dir, "-") {
		return fault.BadFlag(fmt.Errorf("--dir takes a path, and %s looks like a flag", f.dir), "startkit new")
	}
	push, err := c.newPush(f)
	if err != nil {
		return err
	}
	a, err := c.given(f, args)
	if err != nil {
		return err
	}
	if a, err = c.complete(ctx, a, f); err != nil {
		return err
	}
	r, err := flow.New(ctx, flow.NewRequest{Answers: a, Dir: c.target(f.dir, a.Name), Git: !f.noGit, DryRun: c.dryRun, Confirm: c.confirm(f), Push: push})
	if err != nil && r.Push != nil {
		// What was made stays, and is said.
		return errors.Join(c.report(r), err)
	}
	if err != nil {
		return err
	}
	return c.report(r)
}

// given collects the answers of flags and arguments.
func (c *console) given(f newFlags, args []string) (answers.Answers, error) {
	var a answers.Answers
	if f.answers != "" {
		b, err := os.ReadFile(c.below(f.answers))
		if err != nil {
			return a, fault.NoAnswers(f.answers, err)
		}
		if a, err = flow.Answers(f.answers, b); err != nil {
			return a, err
		}
	}
	if len(args) > 0 {
		a.Name = args[0]
	}
	if f.module != "" {
		a.Module = f.module
	}
	if f.hasStack {
		a.Stack = nil
		for _, name := range f.stack {
			a.Stack = append(a.Stack, strings.TrimSpace(name))
		}
	}
	if f.license != "" {
		license := strings.ToLower(f.license)
		if known := flow.Licenses(); !slices.Contains(known, license) {
			return a, fault.NoLicense(f.license, known)
		}
		a.Stack = append(a.Stack, "license-"+license)
	}
	return a, nil
}

// complete asks for what is missing, or takes defaults. What has no default is
// named at once.
func (c *console) complete(ctx context.Context, a answers.Answers, f newFlags) (answers.Answers, error) {
	var err error
	if a.Name == "" && !c.asks() {
		return a, fault.NoName()
	}
	if a.Name == "" {
		if a.Name, err = c.prompter.Input("Name of the application", "", name.CheckApp); err != nil {
			return a, err
		}
	}
	if err := name.CheckApp(a.Name); err != nil {
		return a, err
	}
	if a.Module == "" && f.to != "" {
		a.Module = flow.ModuleOf(f.to)
	}
	if a.Module == "" {
		a.Module = flow.DefaultModule(ctx, c.where(), a.Name)
		if c.interactive(f) {
			if a.Module, err = c.prompter.Input("Module path", a.Module, name.CheckModule); err != nil {
				return a, err
			}
		}
	}
	if !f.hasStack && f.answers == "" {
		rest := a.Stack
		if a.Stack, err = c.stack(f); err != nil {
			return a, err
		}
		a.Stack = append(a.Stack, rest...)
	}
	return a, nil
}

// interactive says whether `new` asks: on a terminal, when the stack was not
// given.
func (c *console) interactive(f newFlags) bool {
	return c.asks() && !f.hasStack && f.answers == ""
}

func (c *console) stack(f newFlags) ([]string, error) {
	if !c.interactive(f) {
		return flow.DefaultStack(), nil
	}
	offers, err := flow.Offers()
	if err != nil {
		return nil, err
	}
	var options []ask.Option
	for _, o := range offers {
		options = append(options, ask.Option{Name: o.Name, Text: o.Text, Chosen: o.Default})
	}
	return c.prompter.Choose("What does it stand on?", options)
}

// confirm returns the last question, which shows the summary; nil asks nothing.
func (c *console) confirm(f newFlags) func(flow.Report) (bool, error) {
	if !c.interactive(f) || c.dryRun {
		return nil
	}
	return func(r flow.Report) (bool, error) {
		c.summary(c.err, r)
		return c.prompter.Confirm("Make " + r.Dir)
	}
}

// target returns the folder to make.
func (c *console) target(dir, name string) string {
	if dir == "" {
		return filepath.Join(c.dir, name)
	}
	return c.below(dir)
}

// below resolves a path that the user gave against -C.
func (c *console) below(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.dir, p)
}
