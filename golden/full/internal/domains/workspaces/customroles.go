package workspaces

import (
	"context"
	"errors"
	"regexp"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
)

// The errors about roles that a workspace makes itself.
var (
	ErrTaken = errors.New("a role has this name already, or members have this role")
	ErrRole  = errors.New("a role has a name of lower-case letters, digits and hyphens, and permissions that exist")
)

const writeRole authz.Permission = "workspaces.role.write"

// roleName is one that Postgres takes too.
var roleName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// CreateRole makes a role of some of the permissions of the one who acts.
func (s *Service) CreateRole(ctx context.Context, r Role) (created Role, err error) {
	err = s.changes(ctx, writeRole, happened{kind: "role_created", Subject: r.Name}, func(ctx context.Context, tx pgx.Tx) error {
		if err := s.mayMake(ctx, r); err != nil {
			return err
		}
		created, err = one[Role](ctx, tx, `
			insert into workspaces.roles (name, permissions) values ($1, $2) returning `+roleColumns, r.Name, r.Permissions)
		if db.Violates(err, "roles_pkey") {
			return ErrTaken
		}
		return err
	})
	return created, err
}

// UpdateRole gives a role other permissions. Version is the one that was read; 0 changes whichever is there. It holds from the
// next request of each member on.
func (s *Service) UpdateRole(ctx context.Context, r Role) (updated Role, err error) {
	err = s.changes(ctx, writeRole, happened{kind: "role_updated", Subject: r.Name}, func(ctx context.Context, tx pgx.Tx) error {
		if err := s.mayMake(ctx, r); err != nil {
			return err
		}
		if err := s.own(ctx, tx, r); err != nil {
			return err
		}
		updated, err = one[Role](ctx, tx, `
			update workspaces.roles set permissions = $2, version = version + 1 where name = $1 returning `+roleColumns, r.Name, r.Permissions)
		return err
	})
	return updated, err
}

// DeleteRole takes away a role that nobody has, and for which nobody is invited.
func (s *Service) DeleteRole(ctx context.Context, r Role) error {
	return s.changes(ctx, writeRole, happened{kind: "role_deleted", Subject: r.Name}, func(ctx context.Context, tx pgx.Tx) error {
		if err := s.own(ctx, tx, r); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `delete from workspaces.roles where name = $1`, r.Name)
		if db.Referred(err) {
			return ErrTaken
		}
		return err
	})
}

// mayMake refuses a role that is none, and one with more than the one who acts may do himself.
func (s *Service) mayMake(ctx context.Context, r Role) error {
	set := s.set(r.Name, r.Permissions)
	if !roleName.MatchString(r.Name) || r.Permissions == nil || len(set) != len(r.Permissions) {
		return ErrRole
	}
	return within(ctx, set)
}

// own locks a role that the workspace made itself, in the version that was read, and which the one who acts may take.
func (s *Service) own(ctx context.Context, tx pgx.Tx, r Role) error {
	found, err := one[Role](ctx, tx, `
		select `+roleColumns+` from workspaces.roles where name = $1 and permissions is not null for update`, r.Name)
	if err != nil {
		return err
	}
	if r.Version != 0 && r.Version != found.Version {
		return ErrStale
	}
	return within(ctx, s.set(found.Name, found.Permissions))
}
