package app

import (
	"context"
	"fmt"

	"example.com/myapp/internal/domains/apikeys"
	"example.com/myapp/internal/domains/billing"
	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/clock"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/idempotency"
	"example.com/myapp/internal/platform/jobs"
)

// schemas are the parts of the database, each with its owner's migrations.
func schemas() []db.Schema {
	return []db.Schema{
		// Those that others refer to come first.
		audit.Schema(),
		crypto.Schema(),
		jobs.Schema(),
		events.Schema(),
		clock.Schema(),
		identity.Schema(),
		workspaces.Schema(),
		apikeys.Schema(),
		idempotency.Schema(),
		billing.Schema(),
	}
}

// databaseOptions is what the configuration says about Postgres.
func databaseOptions(cfg config.Config) db.Options {
	return db.Options{
		URL:              cfg.DatabaseURL,
		MigrateURL:       cfg.MigrateDatabaseURL,
		MaxConns:         cfg.DatabaseMaxConns,
		StatementTimeout: cfg.DatabaseStatementTimeout,
		LockTimeout:      cfg.DatabaseLockTimeout,
		Pooler:           cfg.DatabasePooler,
	}
}

// migrate brings every schema up to date. It is a command of its own and not a part of the start: a process that migrates
// needs more rights than one that serves, and ten that start at once would all wait for one.
func migrate(ctx context.Context, p Process) error {
	cfg, err := config.Load(p.Environ)
	if err != nil {
		return err
	}
	applied, err := db.Migrate(ctx, databaseOptions(cfg), schemas()...)
	for _, migration := range applied {
		fmt.Fprintln(p.Stdout, "applied", migration)
	}
	if err == nil && len(applied) == 0 {
		fmt.Fprintln(p.Stdout, "nothing to apply")
	}
	return err
}
