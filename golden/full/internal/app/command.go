package app

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"text/tabwriter"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/logging"
)

// command is one thing that the program can do.
type command struct {
	name    string // one word, or several
	args    string // as the help shows them; so many are demanded, unless one of them is in brackets or a flag
	summary string
	run     func(context.Context, Process) error
}

// commands are all that the program can do. One binary has every role, so that one image and one version serve them all.
func commands() []command {
	all := []command{
		{"all", "", "the API and all else in one process", runAs(everyRole())},
		{"serve", "", "the API", runAs(role{api: true})},
		{"migrate", "", "bring the database up to date", migrate},
		{"worker", "", "the jobs", runAs(role{jobs: true})},
		{"health", "", "ask the process on this machine whether it is ready", askHealth},
		{"config", "", "print the configuration, without its secrets", printConfig},
		{"version", "", "print the version", printVersion},
	}
	for _, c := range adminCommands() {
		all = append(all, command{"admin " + c.name, c.args, c.summary, c.start})
	}
	return all
}

// help lists the commands.
func help() string {
	var text strings.Builder
	fmt.Fprintf(&text, "usage: %s COMMAND\n\n", name)
	table := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(table, "    %s\t%s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	_ = table.Flush() // a strings.Builder takes everything
	return text.String()
}

// everyRole is what one process does that does all.
func everyRole() role {
	return role{
		api: true,

		jobs: true,
	}
}

// heapFloor returns memory that nobody touches, so that it is but an address. Go collects garbage whenever the heap has doubled, which
// is every few megabytes where little lives: dozens of times a second under load. With the floor the process takes up to 40 MB more,
// whatever else lives in it, and has that time for requests.
func heapFloor() []byte {
	return make([]byte, 32<<20)
}

// runAs returns a process of that role, from its configuration to its end.
func runAs(role role) func(context.Context, Process) error {
	return func(ctx context.Context, p Process) error {
		cfg, err := config.Load(p.Environ)
		if err != nil {
			return err
		}
		log := logging.New(p.Stderr, logging.Options{Level: cfg.Level(), Text: !cfg.Production()})
		defer runtime.KeepAlive(heapFloor())
		a, err := open(ctx, cfg, log, role)
		if err != nil {
			return err
		}
		return a.Run(ctx)
	}
}
