package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// canSetRole is whether a login may take up a role. Since Postgres 16 the creator of a role is a member of it who may not, and
// is to grant that to itself.
const canSetRole = `select pg_has_role($1, $2,
	case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)`

// provision makes the roles and schemas that are missing, and grants what is missing: a second login that migrates may not be
// allowed to repeat what the first one did.
func provision(ctx context.Context, conn *pgx.Conn, o Options, schemas []Schema) error {
	logins, err := logins(conn, o)
	if err != nil {
		return err
	}
	if err := makeRole(ctx, conn, everyDomain); err != nil {
		return err
	}
	for _, s := range schemas {
		if err := s.provision(ctx, conn, logins); err != nil {
			return fmt.Errorf("prepare schema %s: %w", s.Name, err)
		}
	}
	return nil
}

// logins returns who is to take up the roles: the login that migrates, and that of the application.
func logins(conn *pgx.Conn, o Options) ([]string, error) {
	config, err := pgx.ParseConfig(o.URL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("parse database address: %w", err)
	}
	logins := []string{conn.Config().User}
	if config.User != logins[0] {
		logins = append(logins, config.User)
	}
	return logins, nil
}

func (s Schema) provision(ctx context.Context, conn *pgx.Conn, logins []string) error {
	role := role(s.Name)
	if err := check(s.Name, role); err != nil {
		return err
	}
	if err := makeRole(ctx, conn, role); err != nil {
		return err
	}
	if err := grant(ctx, conn, everyDomain, role, `select pg_has_role($1, $2, 'USAGE')`); err != nil {
		return err
	}
	for _, login := range logins {
		if err := grant(ctx, conn, role, login, canSetRole); err != nil {
			return err
		}
	}
	if _, err := conn.Exec(ctx, "create schema if not exists "+s.Name); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "grant usage on schema "+s.Name+" to "+role)
	return err
}

// makeRole makes a role without login if it is missing.
func makeRole(ctx context.Context, conn *pgx.Conn, role string) error {
	var exists bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_roles where rolname = $1)", role).Scan(&exists); err != nil {
		return fmt.Errorf("look for role %s: %w", role, err)
	}
	if exists {
		return nil
	}
	if err := once(ctx, conn, "create role "+role+" nologin"); err != nil {
		return fmt.Errorf("create role %s: %w", role, err)
	}
	return nil
}

// grant makes member a member of role, unless the query held says that it is.
func grant(ctx context.Context, conn *pgx.Conn, role, member, held string) error {
	var is bool
	if err := conn.QueryRow(ctx, held, member, role).Scan(&is); err != nil {
		return fmt.Errorf("look up member %s of role %s: %w", member, role, err)
	}
	if is {
		return nil
	}
	if err := once(ctx, conn, "grant "+role+" to "+pgx.Identifier{member}.Sanitize()); err != nil {
		return fmt.Errorf("grant role %s to %s: %w", role, member, err)
	}
	return nil
}

// once runs a statement whose effect another database of the same server, which shares the roles, may have had meanwhile.
func once(ctx context.Context, conn *pgx.Conn, statement string) error {
	_, err := conn.Exec(ctx, statement)
	if is(err, duplicateObject, uniqueViolation) {
		return nil
	}
	return err
}
