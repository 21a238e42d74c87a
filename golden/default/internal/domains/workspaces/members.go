package workspaces

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/page"
)

// Asked is a membership that a batch asks for.
type Asked struct {
	service     *Service
	header      string
	tenant      id.UUID
	found       bool
	role        string
	permissions []string
}

// membership is the query for that of the user app.actor_id in the workspace app.tenant_id.
const membership = `
	select m.role, r.permissions from workspaces.members m
	join workspaces.roles r on r.tenant_id = m.tenant_id and r.name = m.role
	join workspaces.workspaces w on w.tenant_id = m.tenant_id
	where m.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
	and m.user_id = nullif(current_setting('app.actor_id', true), '')::uuid and w.deleted_at is null`

// Ask adds to b the question what the user app.actor_id, which a query before it has set, may do in the workspace that the
// header names, whose rows are seen by what follows in b. Without the header it asks nothing.
func (s *Service) Ask(b *db.Batch, header string) *Asked {
	asked := &Asked{service: s, header: header}
	workspace, err := id.Parse[workspaceKind](header)
	if err != nil {
		return asked
	}
	asked.tenant = workspace.UUID()
	s.enter(b, asked.tenant)
	b.Queue(s.db, asked.read, membership)
	return asked
}

// enter makes the queries that follow in b see the rows of a workspace.
func (s *Service) enter(b *db.Batch, workspace id.UUID) {
	b.Queue(s.db, func(pgx.Rows) error { return nil }, `select set_config('app.tenant_id', $1, true)`, workspace.String())
}

func (a *Asked) read(rows pgx.Rows) error {
	_, err := pgx.ForEachRow(rows, []any{&a.role, &a.permissions}, func() error {
		a.found = true
		return nil
	})
	return err
}

// In returns p at work in the workspace, once the batch was sent. Who is no member of it is refused as who lacks a permission is,
// with authz.ErrDenied, in the same words whether it exists or not.
func (a *Asked) In(p authz.Principal) (authz.Principal, error) {
	if a.header == "" || p.Kind != authz.User {
		return p, nil
	}
	if !a.found {
		return authz.Principal{}, fmt.Errorf("%w: no workspace of yours has this id", authz.ErrDenied)
	}
	p.Tenant, p.Role, p.Permissions = a.tenant, authz.Role(a.role), a.service.set(a.role, a.permissions)
	return p, nil
}

// set is what a role may do. A permission that no domain declares any longer is none.
func (s *Service) set(role string, permissions []string) authz.Set {
	if permissions == nil {
		return authz.Granted(authz.Role(role), s.grants())
	}
	set := authz.Set{}
	declared := authz.Granted(authz.Owner, s.grants())
	for _, p := range permissions {
		if declared.Has(authz.Permission(p)) {
			set[authz.Permission(p)] = struct{}{}
		}
	}
	return set
}

// within refuses who would give or take more than he has.
func within(ctx context.Context, set authz.Set) error {
	who := authz.From(ctx)
	for p := range set {
		if who.Kind != authz.Program && !who.Permissions.Has(p) {
			return fmt.Errorf("%w: %s", ErrBeyond, p)
		}
	}
	return nil
}

// Member is a user in the workspace.
type Member struct {
	UserID    UserID    `json:"user_id"`
	Role      string    `json:"role"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
}

const memberColumns = `user_id, role, version, created_at`

const findMember = `select ` + memberColumns + ` from workspaces.members where user_id = $1`

// listMembers names the workspace as the policy does: with the policy own beside that one, no index would give the order.
const listMembers = `select ` + memberColumns + ` from workspaces.members
	where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and user_id < $1 order by user_id desc limit $2`

// Members is a page of those of the workspace. Who became a user last comes first.
func (s *Service) Members(ctx context.Context, r page.Request) (page.Page[Member], error) {
	if err := authz.Check(ctx, readMember); err != nil {
		return page.Page[Member]{}, err
	}
	return page.Read(ctx, s.db, r, func(m Member) id.UUID { return m.UserID.UUID() }, listMembers)
}

// ChangeRole gives a member another role. Version is the one that was read; 0 changes whichever is there.
func (s *Service) ChangeRole(ctx context.Context, user UserID, version int64, role string) (changed Member, err error) {
	done := happened{kind: "member_changed", Subject: user.String(), Role: role}
	err = s.changes(ctx, writeMember, done, func(ctx context.Context, tx pgx.Tx) error {
		before, err := one[Member](ctx, tx, findMember, user)
		if err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return ErrStale
		}
		if err := s.mayGive(ctx, tx, role, before.Role); err != nil {
			return err
		}
		changed, err = one[Member](ctx, tx, `
			update workspaces.members set role = $2, version = version + 1 where user_id = $1 returning `+memberColumns, user, role)
		if err != nil {
			return err
		}
		return owned(ctx, tx)
	})
	return changed, err
}

// Remove ends the membership of another, and the invitation that would bring him back.
func (s *Service) Remove(ctx context.Context, user UserID) error {
	email, err := s.People.VerifiedEmail(ctx, user.UUID())
	if err != nil {
		return fmt.Errorf("find the address of the user: %w", err)
	}
	done := happened{kind: "member_removed", Subject: user.String(), event: MemberLeft{user}}
	return s.changes(ctx, writeMember, done, func(ctx context.Context, tx pgx.Tx) error {
		before, err := one[Member](ctx, tx, findMember, user)
		if err != nil {
			return err
		}
		if err := s.mayGive(ctx, tx, before.Role); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from workspaces.invitations where lower(email) = lower($1)`, email); err != nil {
			return fmt.Errorf("delete invitation: %w", err)
		}
		return end(ctx, tx, user)
	})
}

// Leave ends the membership of the user who acts, whatever the role.
func (s *Service) Leave(ctx context.Context) error {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return err
	}
	if who.Tenant.IsZero() {
		return authz.ErrNoTenant
	}
	user := id.FromUUID[userKind](who.ID)
	done := happened{kind: "member_left", Subject: user.String(), event: MemberLeft{user}}
	return s.locked(ctx, done, func(ctx context.Context, tx pgx.Tx) error { return end(ctx, tx, user) })
}

// end deletes a membership.
func end(ctx context.Context, tx pgx.Tx, user UserID) error {
	if _, err := one[Member](ctx, tx, `delete from workspaces.members where user_id = $1 returning `+memberColumns, user); err != nil {
		return err
	}
	return owned(ctx, tx)
}

// owned refuses the change that leaves no owner. The workspace is locked: of two who each leave the other one, the second sees
// what the first has done.
func owned(ctx context.Context, tx pgx.Tx) error {
	var owners bool
	const look = `select exists (select from workspaces.members where role = $1)`
	if err := tx.QueryRow(ctx, look, string(authz.Owner)).Scan(&owners); err != nil {
		return fmt.Errorf("look for owners: %w", err)
	}
	if !owners {
		return ErrLastOwner
	}
	return nil
}

// mayGive refuses a role that is not there, and one that may do what the one who acts may not.
func (s *Service) mayGive(ctx context.Context, tx pgx.Tx, roles ...string) error {
	for _, role := range roles {
		found, err := db.Row[Role](ctx, tx, `select `+roleColumns+` from workspaces.roles where name = $1 for key share`, role)
		if err != nil {
			return fmt.Errorf("role: %w", db.Absent(err, ErrNoRole))
		}
		if err := within(ctx, s.set(role, found.Permissions)); err != nil {
			return err
		}
	}
	return nil
}
