package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/flow"
	"github.com/startkit/startkit/internal/past"
)

func (c *console) updateCommand() *cobra.Command {
	var req flow.UpdateRequest
	cmd := &cobra.Command{
		Use:   "update",
		Short: "Bring the repository to another version of startkit",
		Long: "update merges what changed between the version that rendered the repository and this one.\n" +
			"The old version is run to know what it wrote: from the module cache, through the module\nproxy, or the program that --base-binary names.",
		Args: exactly(0, ""),
	}
	options := c.changes(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		req.Options = options()
		if strings.ContainsRune(req.BaseBinary, filepath.Separator) {
			req.BaseBinary = c.below(req.BaseBinary)
		}
		return c.done(flow.Update(cmd.Context(), req))
	}
	cmd.Flags().StringVar(&req.To, "to", "", "`VERSION` to bring it to (default this one)")
	cmd.Flags().StringVar(&req.BaseBinary, "base-binary", "", "`PATH` of a startkit of the version that rendered it")
	return cmd
}

func (c *console) statusCommand() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say of each file whether it is as rendered, edited, deleted or in conflict",
		Args:  exactly(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := flow.ReadStatus(cmd.Context(), c.where())
			if err != nil {
				return err
			}
			if c.json {
				err = c.printJSON(s)
			} else {
				c.status(s)
			}
			if n := s.Count("conflict"); err == nil && n > 0 {
				return fault.Conflicts(n, false)
			}
			if n := s.Count("edited") + s.Count("deleted"); err == nil && check && n > 0 {
				return fault.NotAsRendered(n)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&check, "exit-code", false, "end with 1 if a file is edited or deleted")
	return cmd
}

func (c *console) status(s flow.Status) {
	for _, f := range s.Files {
		if f.State != "rendered" && f.State != "new" {
			fact(c.out, f.State, f.Path)
		}
	}
	fact(c.out, "rendered", fmt.Sprintf("%d files, by startkit %s", s.Count("rendered"), s.Version))
	fact(c.out, "new", fmt.Sprintf("%d files that are yours alone", s.Count("new")))
}

func (c *console) diffCommand() *cobra.Command {
	var upstream bool
	var binary string
	cmd := &cobra.Command{
		Use:   "diff [PATH]",
		Short: "Show what the owners changed, or with --upstream what an update would",
		Args:  atMost(1, "[PATH]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			diff, err := flow.Diff(cmd.Context(), flow.DiffRequest{Dir: c.where(), Path: path, Upstream: upstream, BaseBinary: binary})
			if c.json && err == nil {
				return c.printJSON(map[string]string{"diff": diff})
			}
			fmt.Fprint(c.out, diff)
			return err
		},
	}
	cmd.Flags().BoolVar(&upstream, "upstream", false, "show what startkit update would change")
	cmd.Flags().StringVar(&binary, "base-binary", "", "as for startkit update")
	return cmd
}

// treeCommand renders a startkit.mod from standard input as JSON: the side of
// package past that runs in another version. It keeps its form for ever.
func (c *console) treeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "tree", Hidden: true, Args: exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			mod, err := io.ReadAll(c.in)
			if err != nil {
				return err
			}
			t, err := flow.Tree(mod)
			if err != nil {
				return err
			}
			b, err := past.Encode(t)
			if err != nil {
				return err
			}
			_, err = c.out.Write(b)
			return err
		},
	}
}
