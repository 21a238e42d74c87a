package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// Migrate makes the roles and schemas that are missing, applies the migrations that are missing, schema by schema in the order
// given, and returns the applied ones as "schema/file". Any number of processes may do it at once: one works, the others wait
// and find nothing left to do. Each migration is a transaction; if one fails, those before it stay.
//
// The login needs CREATE on the database and, for the roles, CREATEROLE; it owns what the migrations make. The login of
// Options.URL, if it is another one, is made a member of the roles too. A statement waits for a lock no longer than
// Options.LockTimeout, since all others wait behind it; a migration that met a busy table fails, and is run again.
func Migrate(ctx context.Context, o Options, schemas ...Schema) ([]string, error) {
	config, err := o.migrate()
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to migrate: %w", err)
	}
	// The lock is the session's, and ends with it.
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "select pg_advisory_lock(hashtextextended($1, 0))", app+" migrate"); err != nil {
		return nil, fmt.Errorf("wait for other migrations: %w", err)
	}
	if err := o.provision(ctx, conn, schemas); err != nil {
		return nil, err
	}

	config.RuntimeParams["lock_timeout"] = milliseconds(o.LockTimeout)
	database := stdlib.OpenDB(*config)
	defer database.Close()
	var applied []string
	for _, s := range schemas {
		files, err := s.up(ctx, database)
		applied = append(applied, files...)
		if err != nil {
			return applied, fmt.Errorf("migrate schema %s: %w", s.Name, err)
		}
	}
	return applied, nil
}

// provision makes the roles and schemas, all of them before the first migration, which may grant something to any of them.
func (o Options) provision(ctx context.Context, conn *pgx.Conn, schemas []Schema) error {
	p, err := newProvisioner(ctx, conn, o)
	if err != nil {
		return err
	}
	// What is temporary stays on the connection, where a type of one domain would run with the rights of the next.
	if err := p.once(ctx, "revoke temporary on database "+pgx.Identifier{conn.Config().Database}.Sanitize()+" from public"); err != nil {
		return err
	}
	for _, role := range []string{everyDomain, acrossTenants} {
		if err := p.makeRole(ctx, role); err != nil {
			return err
		}
	}
	for _, login := range p.logins {
		if err := p.letTakeUp(ctx, login, acrossTenants); err != nil {
			return err
		}
	}
	for _, s := range schemas {
		if err := p.prepare(ctx, s); err != nil {
			return fmt.Errorf("prepare schema %s: %w", s.Name, err)
		}
	}
	return nil
}

// up applies what is missing of one schema. Which versions are there stands in a table of that schema, so that it can move to
// another database with all that it needs.
func (s Schema) up(ctx context.Context, database *sql.DB) ([]string, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, database, s.Files,
		goose.WithTableName(s.Name+".schema_migrations"),
		// Two branches that are merged in the other order than written must not stop a deployment.
		goose.WithAllowOutofOrder(true),
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()),
	)
	if err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		results = partial.Applied
		err = fmt.Errorf("%s: %w", partial.Failed.Source.Path, partial.Err)
	}
	var applied []string
	for _, r := range results {
		applied = append(applied, s.Name+"/"+r.Source.Path)
	}
	return applied, err
}
