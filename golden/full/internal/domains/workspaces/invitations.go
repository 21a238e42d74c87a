package workspaces

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/page"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/platform/token"
	"example.com/myapp/internal/vendors/mail"
)

// invited is the kind of the token in the link of an invitation.
const invited token.Kind = "invite"

// invitationLife is how long an invitation can be accepted.
const invitationLife = 7 * 24 * time.Hour

// Invitation asks whoever reads the mail of an address to be a member.
type Invitation struct {
	ID        InvitationID `json:"id"`
	Email     string       `json:"email"`
	Role      string       `json:"role"`
	ExpiresAt time.Time    `json:"expires_at"`
}

// How often somebody may invite, and be invited, by whichever workspace: what a mail says is the workspace's to choose.
var (
	invitesByUser    = ratelimit.Rule{Name: "workspaces.invite.user", Burst: 50, Every: time.Minute}
	invitesByAddress = ratelimit.Rule{Name: "workspaces.invite.address", Burst: 3, Every: 10 * time.Minute}
)

const invitationColumns = `id, email, role, expires_at`

const listInvitations = `select ` + invitationColumns + ` from workspaces.invitations where id < $1 order by id desc limit $2`

// Invitations is a page of those that nobody has accepted yet, the newest first.
func (s *Service) Invitations(ctx context.Context, r page.Request) (page.Page[Invitation], error) {
	if err := authz.Check(ctx, writeMember); err != nil {
		return page.Page[Invitation]{}, err
	}
	return page.Read(ctx, s.db, r, func(i Invitation) id.UUID { return i.ID.UUID() }, listInvitations)
}

// Invite sends an invitation. A second one to the same address takes the place of the first, whose link is void then.
func (s *Service) Invite(ctx context.Context, email, role string) (made Invitation, err error) {
	if err := authz.Check(ctx, writeMember); err != nil {
		return Invitation{}, err
	}
	if !mail.IsAddress(email) {
		return Invitation{}, ErrEmail
	}
	err = s.Limits.Take(ctx, invitesByUser.For(authz.From(ctx).ID.String()), invitesByAddress.For(strings.ToLower(email)))
	if err != nil {
		return Invitation{}, err
	}
	invitation := id.Make[invitationKind]()
	done := happened{kind: "member_invited", Subject: invitation.String(), Role: role}
	err = s.changes(ctx, writeMember, done, func(ctx context.Context, tx pgx.Tx) error {
		if err := s.mayGive(ctx, tx, role); err != nil {
			return err
		}
		made, err = one[Invitation](ctx, tx, `
			insert into workspaces.invitations (id, email, role, expires_at) values ($1, $2, $3, now() + make_interval(secs => $4))
			on conflict (tenant_id, lower(email)) do update set id = excluded.id, email = excluded.email, role = excluded.role,
				token_hash = null, expires_at = excluded.expires_at, created_at = excluded.created_at
			returning `+invitationColumns,
			invitation, email, role, invitationLife.Seconds())
		if err != nil {
			return fmt.Errorf("insert invitation: %w", err)
		}
		return jobs.Enqueue(ctx, tx, sendInvitation{Workspace: authz.From(ctx).Tenant, ID: made.ID}, jobs.Queue("mail"))
	})
	return made, err
}

// Withdraw makes an invitation void.
func (s *Service) Withdraw(ctx context.Context, invitation InvitationID) error {
	done := happened{kind: "invitation_withdrawn", Subject: invitation.String()}
	return s.changes(ctx, writeMember, done, func(ctx context.Context, tx pgx.Tx) error {
		_, err := one[Invitation](ctx, tx, `delete from workspaces.invitations where id = $1 returning `+invitationColumns, invitation)
		return err
	})
}

// Accept makes the user who acts a member, by the link of an invitation to his verified address. The link works once. Which
// workspace it is for stands beside the token; a transaction in that workspace looks for the hash of the token and nothing else.
func (s *Service) Accept(ctx context.Context, workspace WorkspaceID, link string) (joined Workspace, err error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return Workspace{}, err
	}
	hash, ok := invited.Hash(link)
	if !ok {
		return Workspace{}, ErrLink
	}
	email, err := s.People.VerifiedEmail(ctx, who.ID)
	if err != nil {
		return Workspace{}, fmt.Errorf("find the address of the user: %w", err)
	}
	who.Tenant, who.Permissions = workspace.UUID(), nil
	err = s.db.InTx(authz.With(ctx, who), func(ctx context.Context, tx pgx.Tx) error {
		invitation, err := one[Invitation](ctx, tx, `
			delete from workspaces.invitations where token_hash = $1 and expires_at > now() returning `+invitationColumns, hash)
		if err != nil {
			return err
		}
		if email == "" || !strings.EqualFold(invitation.Email, email) {
			return ErrAddress // and the invitation stays
		}
		if joined, err = one[Workspace](ctx, tx, findWorkspace); err != nil {
			return err
		}
		const join = `insert into workspaces.members (user_id, role) values ($1, $2) on conflict do nothing`
		tag, err := tx.Exec(ctx, join, who.ID, invitation.Role)
		if err != nil {
			return fmt.Errorf("insert member: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return nil // a member is one already, and keeps the role
		}
		user := id.FromUUID[userKind](who.ID)
		done := happened{kind: "member_joined", Subject: user.String(), Role: invitation.Role, event: MemberJoined{user, invitation.Role}}
		return record(ctx, tx, done)
	})
	if errors.Is(err, ErrNotFound) {
		err = ErrLink
	}
	return joined, err
}

// sendInvitation sends the mail of an invitation. It holds neither the address nor the link.
type sendInvitation struct {
	Workspace id.UUID
	ID        InvitationID
}

// Kind implements jobs.Job.
func (sendInvitation) Kind() string { return "workspaces.send_invitation" }

// sendInvitation makes the link and sends it. Its hash commits with the end of the job; if that fails after the mail was sent,
// the link in it is void, and another mail follows.
func (s *Service) sendInvitation(ctx context.Context, tx pgx.Tx, job sendInvitation) error {
	text, hash := invited.New()
	var email, name string
	const note = `
		update workspaces.invitations i set token_hash = $2 from workspaces.workspaces w
		where i.id = $1 and i.tenant_id = w.tenant_id and w.deleted_at is null returning i.email, w.name`
	err := tx.QueryRow(ctx, note, job.ID, hash).Scan(&email, &name)
	if err != nil {
		return db.Absent(err, nil) // withdrawn
	}
	err = s.Mail.Send(ctx, mail.Message{
		To:      email,
		Subject: "You are invited",
		Text: "You are invited to " + name + ". To join, sign in with this address and open this link within a week:\n\n" +
			s.URL + "/invitations/" + id.FromUUID[workspaceKind](job.Workspace).String() + "#" + text.Reveal() + "\n",
	})
	if errors.Is(err, mail.ErrRecipient) || errors.Is(err, mail.ErrMessage) {
		return jobs.Permanent(err)
	}
	return err
}
