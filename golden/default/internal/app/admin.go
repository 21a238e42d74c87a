package app

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// adminCommand is one thing that those who run the program may do.
type adminCommand struct {
	name    string // one or two words
	args    string // as the help shows them; so many are demanded, unless one of them is in brackets or a flag
	summary string

	// run gets the arguments after the name. In its context the program itself acts, for no tenant.
	run func(context.Context, adminProcess) error
}

// adminProcess is what an admin command works with.
type adminProcess struct {
	Process

	cfg      config.Config
	database *db.DB
}

// adminCommands are all of them.
func adminCommands() []adminCommand {
	var commands []adminCommand
	commands = append(commands, auditCommands()...)
	commands = append(commands, adminCommand{"crypto rotate", "", "wrap data keys anew with the current key of CRYPTO_KEYS", rotateKeys})
	commands = append(commands, privacyCommands()...)
	commands = append(commands, dlqCommands()...)
	commands = append(commands, adminCommand{
		"operator", "EMAIL on|off", "make a user one of our own people, or no longer", setOperator,
	})
	return commands
}

// runAdmin finds the command and runs it on the database.
func runAdmin(ctx context.Context, p Process) error {
	for _, c := range adminCommands() {
		words := strings.Fields(c.name)
		if len(p.Args) < len(words) || strings.Join(p.Args[:len(words)], " ") != c.name {
			continue
		}
		p.Args = p.Args[len(words):]
		if fixed := !strings.ContainsAny(c.args, "[-"); fixed && len(p.Args) != len(strings.Fields(c.args)) {
			return usageError(strings.TrimSpace("want: admin " + c.name + " " + c.args))
		}
		return c.start(ctx, p)
	}
	if len(p.Args) > 0 && p.Args[0] == "help" {
		_, err := io.WriteString(p.Stdout, adminHelp())
		return err
	}
	return usageError("want: admin COMMAND\n\n" + adminHelp())
}

// start opens the database, and runs the command with it.
func (c adminCommand) start(ctx context.Context, p Process) error {
	cfg, err := config.Load(p.Environ)
	if err != nil {
		return err
	}
	database, err := db.Open(ctx, databaseOptions(cfg))
	if err != nil {
		return err
	}
	defer database.Close()
	return c.run(authz.With(ctx, authz.System(id.UUID{})), adminProcess{Process: p, cfg: cfg, database: database})
}

// adminHelp lists the commands.
func adminHelp() string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	for _, c := range adminCommands() {
		fmt.Fprintf(table, "    admin %s\t%s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	_ = table.Flush() // a strings.Builder takes everything
	return text.String()
}
