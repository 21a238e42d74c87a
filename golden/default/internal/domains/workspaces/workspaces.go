// Package workspaces owns the tenants: who is a member of which, and what each member may do there.
//
//	create -> owner -> invite by mail -> accept -> member with a role -> authz.Principal
//
// A request says by a header in which workspace it acts; Ask finds out whether it may, in the round trip that authentication
// makes anyway. A role is a set of permissions. Nobody gives, or takes from others, what he does not have. A workspace has an
// owner at all times: who could leave it without one waits for a lock first.
package workspaces

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/vendors/mail"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the part of the database that this domain owns.
func Schema() db.Schema { return db.NewSchema("workspaces", migrations) }

// The errors of the contract.
var (
	ErrNotFound  = errors.New("not found in this workspace")
	ErrStale     = errors.New("it was changed since it was read")
	ErrName      = errors.New("a name is one line of 1 to 200 characters")
	ErrLastOwner = errors.New("a workspace has an owner; make another member one first")
	ErrBeyond    = errors.New("nobody gives or takes a permission that he does not have")
	ErrNoRole    = errors.New("the workspace has no role of this name")
	ErrEmail     = errors.New("not an e-mail address")
	ErrLink      = errors.New("the invitation is not valid any longer; ask for a new one")
	ErrAddress   = errors.New("the invitation was sent to another address than the verified one of yours")
)

// What may be permitted here.
const (
	readWorkspace   authz.Permission = "workspaces.workspace.read"
	writeWorkspace  authz.Permission = "workspaces.workspace.write"
	deleteWorkspace authz.Permission = "workspaces.workspace.delete"
	readMember      authz.Permission = "workspaces.member.read"
	writeMember     authz.Permission = "workspaces.member.write"
)

// Permissions are what this domain guards.
func (*Service) Permissions() []authz.Grant {
	return []authz.Grant{
		{Permission: readWorkspace, Least: authz.Viewer, Doc: "See the workspace"},
		{Permission: writeWorkspace, Least: authz.Admin, Doc: "Rename the workspace"},
		{Permission: deleteWorkspace, Least: authz.Owner, Doc: "Delete the workspace and all that is in it"},
		{Permission: readMember, Least: authz.Viewer, Doc: "See the members and the roles"},
		{Permission: writeMember, Least: authz.Admin, Doc: "Invite members, change their roles and remove them"},
	}
}

type (
	workspaceKind  struct{}
	userKind       struct{}
	invitationKind struct{}

	// WorkspaceID names a workspace, which is a tenant.
	WorkspaceID = id.ID[workspaceKind]

	// UserID names a user, as the domain does that knows the users.
	UserID = id.ID[userKind]

	// InvitationID names an invitation. It is not what the link holds.
	InvitationID = id.ID[invitationKind]
)

func (workspaceKind) Prefix() string { return "ws" }

func (userKind) Prefix() string { return "user" }

func (invitationKind) Prefix() string { return "invitation" }

// Workspace is one of the tenants.
type Workspace struct {
	ID        WorkspaceID `json:"id"`
	Name      string      `json:"name"`
	Version   int64       `json:"version"`
	CreatedAt time.Time   `json:"created_at"`
}

// People is what this domain needs of the one that knows the users.
type People interface {
	// VerifiedEmail returns the address that a user has proved to be his, or "".
	VerifiedEmail(ctx context.Context, user id.UUID) (string, error)
}

// Options are what the domain is handed.
type Options struct {
	// Grants are the permissions of all domains. They are asked for once, when all domains are there.
	Grants func() []authz.Grant

	People People

	// Mail sends the invitations, and URL is what the links in them begin with.
	Mail mail.Sender
	URL  string

	// Changed is told of workspaces whose members or roles have changed.
	Changed authz.Changed

	// Limits counts who makes workspaces, and who invites, how often.
	Limits *ratelimit.Limiter
}

// Service is the domain at work.
type Service struct {
	Options

	db     *db.DB
	grants func() []authz.Grant
}

// New returns the domain on its part of the database.
func New(database *db.DB, o Options) *Service {
	return &Service{Options: o, db: database.As("workspaces"), grants: sync.OnceValue(o.Grants)}
}

// happened is what the audit log is told, and those who listen, if there is an event for it.
type happened struct {
	kind, Subject, Role string

	event events.Event
}

// record writes down what happened in tx: the event, and the entry in the audit log. The entry is the last that a transaction
// does: the next one of the same workspace waits for its commit.
func record(ctx context.Context, tx pgx.Tx, h happened) error {
	if h.event != nil {
		if err := events.Publish(ctx, tx, h.event); err != nil {
			return err
		}
	}
	entry := audit.Entry{Action: "workspaces." + h.kind, Subject: h.Subject}
	if h.Role != "" {
		entry.Details = map[string]string{"role": h.Role}
	}
	return audit.Record(ctx, tx, entry)
}

func checkName(name string) error {
	odd := !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, "\u2028\u2029")
	if odd || strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > 200 {
		return ErrName
	}
	return nil
}

const columns = `tenant_id as id, name, version, created_at`

const (
	findWorkspace = `select ` + columns + ` from workspaces.workspaces where deleted_at is null`
	lockWorkspace = findWorkspace + ` for no key update`
)

// createsByUser bounds what one account fills the database with.
var createsByUser = ratelimit.Rule{Name: "workspaces.create.user", Burst: 50, Every: time.Hour}

// Create makes a workspace, whose owner is the user who acts.
func (s *Service) Create(ctx context.Context, name string) (created Workspace, err error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return Workspace{}, err
	}
	if err := cmp.Or(checkName(name), s.Limits.Take(ctx, createsByUser.For(who.ID.String()))); err != nil {
		return Workspace{}, err
	}
	who.Tenant = id.New() // nobody is there yet whom it could show anything
	err = s.db.InTx(authz.With(ctx, who), func(ctx context.Context, tx pgx.Tx) error {
		const create = `
			with roles as (insert into workspaces.roles (name) select unnest($2::text[])),
				owner as (insert into workspaces.members (user_id, role) values ($3, $4))
			insert into workspaces.workspaces (name) values ($1) returning ` + columns
		if created, err = one[Workspace](ctx, tx, create, name, authz.Roles(), who.ID, string(authz.Owner)); err != nil {
			return err
		}
		return record(ctx, tx, happened{kind: "workspace_created", Subject: created.ID.String(), event: WorkspaceCreated{created.ID}})
	})
	return created, err
}

// Mine are the workspaces of which the user who acts is a member, the oldest first. Each is asked for as itself: a policy that
// showed several at once would make every query of one look through all that there are.
func (s *Service) Mine(ctx context.Context) (found []Workspace, err error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return nil, err
	}
	who.Tenant = id.UUID{}
	ctx = authz.With(ctx, who)
	mine, err := db.All[struct{ ID id.UUID }](ctx, s.db, `select tenant_id as id from workspaces.members order by tenant_id limit 1000`)
	if err != nil {
		return nil, err
	}
	b := s.db.Batch(ctx)
	for _, one := range mine {
		s.enter(b, one.ID)
		b.Queue(s.db, func(rows pgx.Rows) (err error) {
			found, err = pgx.AppendRows(found, rows, pgx.RowToStructByName[Workspace])
			return err
		}, `select `+columns+` from workspaces.workspaces where deleted_at is null`)
	}
	err = b.Send(ctx)
	return found, err
}

// Get returns the workspace of the request.
func (s *Service) Get(ctx context.Context) (Workspace, error) {
	if err := authz.Check(ctx, readWorkspace); err != nil {
		return Workspace{}, err
	}
	found, err := db.One[Workspace](ctx, s.db, findWorkspace)
	return found, db.Absent(err, ErrNotFound)
}

// Rename gives the workspace another name. Version is the one that was read; 0 changes whichever is there.
func (s *Service) Rename(ctx context.Context, version int64, name string) (Workspace, error) {
	if err := checkName(name); err != nil {
		return Workspace{}, err
	}
	return s.change(ctx, writeWorkspace, happened{kind: "workspace_renamed"}, `name = $2, version = version + 1, updated_at = now()`, version, name)
}

// Delete hides the workspace, and all that is in it, from everybody.
func (s *Service) Delete(ctx context.Context, version int64) (Workspace, error) {
	done := happened{kind: "workspace_deleted", event: WorkspaceDeleted{id.FromUUID[workspaceKind](authz.From(ctx).Tenant)}}
	return s.change(ctx, deleteWorkspace, done, `deleted_at = now()`, version)
}

func (s *Service) change(ctx context.Context, needs authz.Permission, done happened, set string, args ...any) (changed Workspace, err error) {
	done.Subject = id.FromUUID[workspaceKind](authz.From(ctx).Tenant).String()
	err = s.changes(ctx, needs, done, func(ctx context.Context, tx pgx.Tx) error {
		changed, err = db.Row[Workspace](ctx, tx, `
			update workspaces.workspaces set `+set+` where version = $1 or $1::bigint = 0 returning `+columns, args...)
		return db.Absent(err, ErrStale)
	})
	return changed, err
}

// changes has fn change something, if the one who acts may, as locked does.
func (s *Service) changes(ctx context.Context, needs authz.Permission, done happened, fn func(context.Context, pgx.Tx) error) error {
	if err := authz.Check(ctx, needs); err != nil {
		return err
	}
	return s.locked(ctx, done, fn)
}

// locked has fn change something in the workspace while nobody else does, and records what is done then.
func (s *Service) locked(ctx context.Context, done happened, fn func(context.Context, pgx.Tx) error) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := one[Workspace](ctx, tx, lockWorkspace); err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		tenant := authz.From(ctx).Tenant
		db.AfterCommit(ctx, func(ctx context.Context) { s.Changed.Tell(ctx, tenant) })
		return record(ctx, tx, done)
	})
}

// one runs a statement for one row of the workspace.
func one[T any](ctx context.Context, tx pgx.Tx, statement string, args ...any) (T, error) {
	found, err := db.Row[T](ctx, tx, statement, args...)
	return found, db.Absent(err, ErrNotFound)
}
