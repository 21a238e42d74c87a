package identity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/vendors/mail"
)

// Session is by what a user is signed in.
type Session struct {
	ID         SessionID `json:"id"`
	UserAgent  string    `json:"user_agent" doc:"What the browser called itself"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at" doc:"To the minute"`
	ExpiresAt  time.Time `json:"expires_at"`
	Current    bool      `json:"current" doc:"Whether it is the one of this request"`
}

// LogIn returns the token of a new session; agent is what the browser calls itself. The session of the request, if it has one, ends:
// a token that somebody knew before is worth nothing after. A user who is not there costs the same work as one who is.
func (s *Service) LogIn(ctx context.Context, email string, plain secret.String, agent string) (text secret.String, err error) {
	if !mail.IsAddress(email) {
		return text, ErrCredentials // it is nobody's, and its form is no secret
	}
	if err := s.mayTry(ctx, loginByAddress, loginByAccount, email); err != nil {
		return text, err
	}
	known, err := s.prove(ctx, plain, `lower(email) = lower($1) and verified_at is not null`, email)
	if err != nil {
		return text, err
	}
	err = s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		if err := lock(ctx, tx, known); err != nil {
			return audit.Entry{}, err
		}
		if half, asked, err := s.halve(ctx, tx, known.ID); asked || err != nil {
			text = half
			return done("password_accepted", known.ID), err
		}
		text, err = s.begin(ctx, tx, known.ID, agent)
		return done("logged_in", known.ID), err
	})
	return text, err
}

// begin stores a session in place of the one that acts in ctx, and returns its token.
func (s *Service) begin(ctx context.Context, tx pgx.Tx, user UserID, agent string) (secret.String, error) {
	text, hash := sessionToken.New()
	const insert = `
		with before as (delete from identity.sessions where id = $1::uuid)
		insert into identity.sessions (id, user_id, token_hash, user_agent, expires_at)
		values ($2, $3, $4, left($5, 200), now() + make_interval(secs => $6))`
	_, err := tx.Exec(ctx, insert, authz.From(ctx).Session.String(), id.Make[sessionKind](), user, hash,
		strings.ToValidUTF8(agent, ""), s.Lifetime.Seconds())
	if err != nil {
		return secret.String{}, fmt.Errorf("insert session: %w", err)
	}
	return text, nil
}

// LogOut ends the session of the request: a copy of its cookie is worth nothing from here on.
func (s *Service) LogOut(ctx context.Context) error {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		user := id.FromUUID[userKind](who.ID)
		return done("logged_out", user), end(ctx, tx, user, id.FromUUID[sessionKind](who.Session))
	})
}

// Sessions are those of the user who acts, the newest first, 1,000 at most.
func (s *Service) Sessions(ctx context.Context) ([]Session, error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return nil, err
	}
	return db.All[Session](ctx, s.db, `
		select id, user_agent, created_at, last_seen_at, expires_at, id = $2 as current from identity.sessions
		where user_id = $1 and expires_at > now() and last_seen_at > now() - make_interval(secs => $3)
		order by id desc limit 1000`, who.ID, who.Session, s.Idle.Seconds())
}

// Revoke ends one session of the user who acts.
func (s *Service) Revoke(ctx context.Context, session SessionID) error {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		return done("session_revoked", session), end(ctx, tx, id.FromUUID[userKind](who.ID), session)
	})
}

// end deletes a session, if it is the user's.
func end(ctx context.Context, tx pgx.Tx, user UserID, session SessionID) error {
	err := tx.QueryRow(ctx, `delete from identity.sessions where id = $1 and user_id = $2 returning id`, session, user).Scan(&session)
	return db.Absent(err, ErrNotFound)
}

// RevokeOthers ends all sessions of the user who acts but the one of the request.
func (s *Service) RevokeOthers(ctx context.Context) error {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		_, err := tx.Exec(ctx, `delete from identity.sessions where user_id = $1 and id <> $2`, who.ID, who.Session)
		return done("sessions_revoked", id.FromUUID[userKind](who.ID)), err
	})
}
