package workspaces

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
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

const invitationColumns = `id, email, role, expires_at`

// Invitations are those that nobody has accepted yet.
func (s *Service) Invitations(ctx context.Context) ([]Invitation, error) {
	if err := authz.Check(ctx, writeMember); err != nil {
		return nil, err
	}
	return db.All[Invitation](ctx, s.db, `select `+invitationColumns+` from workspaces.invitations order by id limit 1000`)
}

// Invite sends an invitation. A second one to the same address takes the place of the first, whose link is void then.
func (s *Service) Invite(ctx context.Context, email, role string) (made Invitation, err error) {
	if err := authz.Check(ctx, writeMember); err != nil {
		return Invitation{}, err
	}
	if parsed, err := netmail.ParseAddress(email); err != nil || parsed.Address != email || len(email) > 254 {
		return Invitation{}, ErrEmail
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := s.mayGive(ctx, tx, role); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from workspaces.invitations where lower(email) = lower($1)`, email); err != nil {
			return fmt.Errorf("delete the invitation before: %w", err)
		}
		rows, _ := tx.Query(ctx, `insert into workspaces.invitations (id, email, role, expires_at) values ($1, $2, $3, $4)
			returning `+invitationColumns, id.Make[invitationKind](), email, role, time.Now().Add(invitationLife))
		if made, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Invitation]); err != nil {
			return fmt.Errorf("insert invitation: %w", err)
		}
		if err := jobs.Enqueue(ctx, tx, sendInvitation{Workspace: authz.From(ctx).Tenant, ID: made.ID}); err != nil {
			return err
		}
		return record(ctx, tx, happened{kind: "member_invited", Subject: made.ID.String(), Role: role})
	})
	return made, err
}

// Withdraw makes an invitation void.
func (s *Service) Withdraw(ctx context.Context, invitation InvitationID) error {
	if err := authz.Check(ctx, writeMember); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `delete from workspaces.invitations where id = $1`, invitation)
		if err != nil {
			return fmt.Errorf("delete invitation: %w", err)
		}
		if done.RowsAffected() == 0 {
			return ErrNotFound
		}
		return record(ctx, tx, happened{kind: "invitation_withdrawn", Subject: invitation.String()})
	})
}

// Accept makes the user who acts a member, by the link of an invitation to his verified address. The link works once. Which
// workspace it is for stands beside the token; a transaction in that workspace looks for the hash of the token and nothing else.
func (s *Service) Accept(ctx context.Context, workspace WorkspaceID, link string) (joined Workspace, err error) {
	who, err := me(ctx)
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
		var to, role string
		const take = `delete from workspaces.invitations where token_hash = $1 and expires_at > now() returning email, role`
		if err := tx.QueryRow(ctx, take, hash).Scan(&to, &role); db.NotFound(err) {
			return ErrLink
		} else if err != nil {
			return fmt.Errorf("take invitation: %w", err)
		}
		if email == "" || !strings.EqualFold(to, email) {
			return ErrAddress // and the invitation stays
		}
		if joined, err = one(ctx, tx, `select `+columns+` from workspaces.workspaces where deleted_at is null`); err != nil {
			return ErrLink
		}
		const join = `insert into workspaces.members (user_id, role) values ($1, $2) on conflict do nothing`
		if _, err := tx.Exec(ctx, join, who.ID, role); err != nil {
			return fmt.Errorf("insert member: %w", err)
		}
		return record(ctx, tx, happened{kind: "member_joined", Subject: id.FromUUID[userKind](who.ID).String(), Role: role})
	})
	return joined, err
}

// Jobs adds what this domain does later.
func (s *Service) Jobs(mux *jobs.Mux) {
	jobs.Handle(mux, s.db, s.sendInvitation)
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
	switch {
	case db.NotFound(err):
		return nil // withdrawn
	case err != nil:
		return fmt.Errorf("note the link: %w", err)
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
