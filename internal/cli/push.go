package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/flow"
)

// pushFlags are the flags that `push` and `new --push` share.
type pushFlags struct {
	public, internal, ssh, noProtect bool
	allow                            []string
}

func (f *pushFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.public, "public", false, "create the repository for everybody to read")
	cmd.Flags().BoolVar(&f.internal, "internal", false, "create it for everybody in the enterprise to read")
	cmd.Flags().BoolVar(&f.ssh, "ssh", false, "let git speak ssh, with your keys, and not https")
	cmd.Flags().BoolVar(&f.noProtect, "no-protect", false, "leave main open to direct pushes")
	cmd.Flags().StringArrayVar(&f.allow, "allow", nil, "`FILE` in which what looks like a secret is none")
	cmd.MarkFlagsMutuallyExclusive("public", "internal")
}

// request turns the flags into what flow is asked for.
func (c *console) pushRequest(f pushFlags, to string) flow.PushRequest {
	r := flow.PushRequest{Dir: c.where(), To: to, SSH: f.ssh, NoProtect: f.noProtect, Allow: f.allow, DryRun: c.dryRun, Wait: c.wait}
	switch {
	case f.public:
		r.Visibility = "public"
	case f.internal:
		r.Visibility = "internal"
	}
	return r
}

func (c *console) pushCommand() *cobra.Command {
	var f pushFlags
	var any bool
	cmd := &cobra.Command{
		Use:   "push [OWNER/NAME]",
		Short: "Bring the repository to GitHub, and set what keeps it safe there",
		Long: "push creates the repository on GitHub, private if nothing else is said, pushes main, and sets\n" +
			"what keeps it safe. Each step asks first whether it is done, so that a push that was cut short\n" +
			"is finished by the next one. What the account's plan or the token does not allow is listed with\n" +
			"the page where a person can set it, and is no error. Nothing is ever forced or deleted.\n\n" +
			"The token comes from GH_TOKEN, GITHUB_TOKEN, gh, or git's credential helper, and needs the scopes\n" +
			"repo and workflow. GH_HOST names a GitHub Enterprise server. Without OWNER/NAME origin or the\n" +
			"module path says where to.",
		Example: "  startkit push acme/myapp\n  startkit push --dry-run",
		Args:    atMost(1, "[OWNER/NAME]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			req := c.pushRequest(f, strings.Join(args, ""))
			req.Any = any
			if !c.json {
				req.Progress = c.pushStep
			}
			r, err := flow.Push(cmd.Context(), req)
			if c.json && (err == nil || len(r.Steps) > 0) {
				if err := c.printJSON(r); err != nil {
					return err
				}
			}
			if err == nil && !c.json {
				c.pushed(r)
			}
			return err
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&any, "any", false, "push a repository that startkit did not make")
	return cmd
}

// pushStep prints a step.
func (c *console) pushStep(s flow.PushStep) {
	fmt.Fprintf(c.out, "%-12s %s\n", s.State, s.Name)
	if s.Click != "" {
		fmt.Fprintf(c.out, "%-12s %s: %s\n", "", s.Click, s.Reason)
	}
}

func (c *console) pushed(r flow.PushReport) {
	if c.dryRun {
		fact(c.out, "changed", "nothing: this was a dry run")
		return
	}
	fact(c.out, "pushed", r.URL)
}

// wait says why it waits, and waits.
func (c *console) wait(ctx context.Context, d time.Duration, why string) error {
	fact(c.err, "waiting", fmt.Sprintf("%s: %s", d.Round(time.Second), why))
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// newPush is the push that `new` was asked for; nil for none.
func (c *console) newPush(f newFlags) (*flow.PushRequest, error) {
	if f.to == "" {
		if p := f.push; p.public || p.internal || p.ssh || p.noProtect || p.allow != nil {
			return nil, fault.BadFlag(errors.New("--public, --internal, --ssh, --no-protect and --allow go with --push"), "startkit new")
		}
		return nil, nil
	}
	req := c.pushRequest(f.push, f.to)
	if !c.json {
		req.Progress = c.pushStep
	}
	return &req, nil
}
