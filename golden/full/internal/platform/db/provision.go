package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// provisioner makes what the migrations presuppose. It makes only what is missing: a second login that migrates may not be
// allowed to repeat what the first one did.
type provisioner struct {
	conn   *pgx.Conn
	logins []string

	// since16 says that the server is Postgres 16 or newer. There the creator of a role is a member of it that may grant it
	// but not take it up, and each membership says whether it is inherited.
	since16 bool
}

func newProvisioner(ctx context.Context, conn *pgx.Conn, o Options) (*provisioner, error) {
	app, err := pgx.ParseConfig(o.URL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("parse database address: %w", err)
	}
	p := &provisioner{conn: conn, logins: []string{conn.Config().User}}
	if app.User != p.logins[0] {
		p.logins = append(p.logins, app.User)
	}
	p.since16, err = p.ask(ctx, `select current_setting('server_version_num')::int >= 160000`)
	return p, err
}

// prepare makes the schema, its role, and the memberships of the role.
func (p *provisioner) prepare(ctx context.Context, s Schema) error {
	role := role(s.Name)
	if err := check(s.Name, role); err != nil {
		return err
	}
	if err := p.makeRole(ctx, role); err != nil {
		return err
	}
	if err := p.joinDomains(ctx, role); err != nil {
		return err
	}
	for _, login := range p.logins {
		if err := p.letTakeUp(ctx, login, role); err != nil {
			return err
		}
	}
	_, err := p.conn.Exec(ctx, "create schema if not exists "+s.Name+"; grant usage on schema "+s.Name+" to "+role+", "+acrossTenants)
	return err
}

func (p *provisioner) makeRole(ctx context.Context, role string) error {
	exists, err := p.ask(ctx, `select exists (select from pg_roles where rolname = $1)`, role)
	if err != nil || exists {
		return err
	}
	return p.once(ctx, "create role "+role+" nologin")
}

// joinDomains gives the role what all domains may do.
func (p *provisioner) joinDomains(ctx context.Context, role string) error {
	is, err := p.ask(ctx, `select pg_has_role($1, $2, 'USAGE')`, role, everyDomain)
	if err != nil || is {
		return err
	}
	return p.grant(ctx, everyDomain, role)
}

// letTakeUp lets the login take up the role in a transaction, and where Postgres can tell the difference no more than that.
func (p *provisioner) letTakeUp(ctx context.Context, login, role string) error {
	right, option := "MEMBER", ""
	if p.since16 {
		right, option = "SET", " with inherit false"
	}
	may, err := p.ask(ctx, `select pg_has_role($1, $2, $3)`, login, role, right)
	if err != nil || may {
		return err
	}
	return p.grant(ctx, role, pgx.Identifier{login}.Sanitize()+option)
}

// grant grants a role, which from Postgres 16 on only those may who made it, and those whom they let.
func (p *provisioner) grant(ctx context.Context, role, to string) error {
	err := p.once(ctx, "grant "+role+" to "+to)
	if is(err, insufficientPrivilege) {
		err = fmt.Errorf("%w; another login made this role: as an administrator, run: grant %s to %s with admin option",
			err, role, pgx.Identifier{p.conn.Config().User}.Sanitize())
	}
	return err
}

// ask runs a query for yes or no.
func (p *provisioner) ask(ctx context.Context, query string, args ...any) (yes bool, err error) {
	err = p.conn.QueryRow(ctx, query, args...).Scan(&yes)
	return yes, err
}

// once runs a statement whose effect another database of the same server, which shares the roles, may have had meanwhile.
func (p *provisioner) once(ctx context.Context, statement string) error {
	_, err := p.conn.Exec(ctx, statement)
	if err != nil && !is(err, duplicateObject, uniqueViolation) {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
