package app

import (
	"context"
	"os"
	"os/user"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

// adminCommand is one thing that only those who run the program may do. On the command line it stands behind admin.
type adminCommand struct {
	name, args, summary string

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
	commands = append(commands, adminCommand{
		"audit ls", "[--tenant T] [--subject S] [--request R]", "show the newest entries, at most 100", auditList,
	})
	commands = append(commands, adminCommand{"crypto rotate", "", "wrap data keys anew with the current key of CRYPTO_KEYS", rotateKeys})
	commands = append(commands, privacyCommands()...)
	commands = append(commands, dlqCommands()...)
	commands = append(commands, eventCommands()...)
	commands = append(commands, adminCommand{
		"operator", "EMAIL on|off", "make a user one of our own people, or no longer", setOperator,
	})
	commands = append(commands, jobsCommands()...)
	commands = append(commands, adminCommand{
		"jobs stats", "", "how many jobs wait in each queue, for how long, and how many were given up", jobStats,
	})
	return commands
}

// start opens the database, and runs the command with it. In its context the program itself acts, for no tenant.
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
	ctx = logging.WithRequestID(authz.With(ctx, authz.System(id.UUID{})), ranBy())
	return c.run(ctx, adminProcess{Process: p, cfg: cfg, database: database})
}

// ranBy says who runs a command, as far as the machine knows. It stands where a request has its id, in the audit log and in what
// follows from the command, and is of a form that no request can send.
func ranBy() string {
	account, host := "unknown", "unknown"
	if who, err := user.Current(); err == nil {
		account = who.Username
	}
	if name, err := os.Hostname(); err == nil {
		host = name
	}
	return "admin:" + account + "@" + host
}
