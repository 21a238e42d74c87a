package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/identity/internal/password"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/platform/token"
	"example.com/myapp/internal/vendors/mail"
)

// User is somebody who can sign in.
type User struct {
	ID         UserID     `json:"id"`
	Email      string     `json:"email"`
	Name       string     `json:"name"`
	VerifiedAt *time.Time `json:"verified_at"`
	CreatedAt  time.Time  `json:"created_at"`
}

// Me returns the user who acts.
func (s *Service) Me(ctx context.Context) (User, error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return User{}, err
	}
	found, err := db.One[User](ctx, s.db, `select id, email, name, verified_at, created_at from identity.users where id = $1`, who.ID)
	return found, db.Absent(err, authz.ErrAnonymous) // erased since the process looked
}

// VerifiedEmail returns the address that a user has proved to be theirs, or "".
func (s *Service) VerifiedEmail(ctx context.Context, user id.UUID) (string, error) {
	found, err := db.One[struct{ Email string }](ctx, s.db,
		`select email from identity.users where id = $1 and verified_at is not null`, user)
	return found.Email, db.Absent(err, nil)
}

// SetOperator makes the user with the address one of our own people, or no longer.
func (s *Service) SetOperator(ctx context.Context, email string, operator bool) error {
	if err := authz.CheckOperator(ctx); err != nil {
		return err
	}
	action := "operator_unmade"
	if operator {
		action = "operator_made"
	}
	return s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		var user UserID
		err := tx.QueryRow(ctx, `
			update identity.users set operator = $2 where lower(email) = lower($1) and verified_at is not null
			returning id`, email, operator).Scan(&user)
		return done(action, user), db.Absent(err, ErrNoUser)
	})
}

// SignUp sends a mail to an address: with a link, if it is new here, or else with the news that there is an account.
func (s *Service) SignUp(ctx context.Context, email string) error {
	return s.mailLink(ctx, verifyToken, email, `
		insert into identity.users (id, email) values ($1, $2)
		on conflict (lower(email)) do update set email = identity.users.email
		returning id`)
}

// Forgot sends a link to an address by which a new password can be chosen. An address without a user costs a job, too, for a
// user who does not exist.
func (s *Service) Forgot(ctx context.Context, email string) error {
	return s.mailLink(ctx, resetToken, email, `select coalesce((select id from identity.users where lower(email) = lower($2)), $1)`)
}

// mailLink leaves a link to be mailed to the user whom a statement finds, given a new id and the address.
func (s *Service) mailLink(ctx context.Context, kind token.Kind, email, statement string) error {
	if !mail.IsAddress(email) {
		return ErrEmail
	}
	if err := s.mayTry(ctx, mailByAddress, mailByAccount, email); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var user UserID
		if err := tx.QueryRow(ctx, statement, id.Make[userKind](), email).Scan(&user); err != nil {
			return fmt.Errorf("find user: %w", err)
		}
		return jobs.Enqueue(ctx, tx, sendLink{User: user, Link: kind}, jobs.Queue("mail"))
	})
}

// Verify takes the link of SignUp, and with it the name and the password of the user.
func (s *Service) Verify(ctx context.Context, link, name string, plain secret.String) error {
	if err := checkName(name); err != nil {
		return err
	}
	return s.choose(ctx, choice{action: "user_verified", kind: verifyToken, link: link, plain: plain, name: &name})
}

// Reset takes the link of Forgot, and with it a new password. All sessions of the user end.
func (s *Service) Reset(ctx context.Context, link string, plain secret.String) error {
	return s.choose(ctx, choice{action: "password_reset", kind: resetToken, link: link, plain: plain})
}

// choice is a password that is chosen with a link, and the action that it is.
type choice struct {
	action string
	kind   token.Kind
	link   string
	plain  secret.String
	name   *string // nil is the one of before
}

// choose sets the password of whom the link was sent to. The link is looked at before the password is hashed, so that strangers
// cost no memory, and redeemed after it.
func (s *Service) choose(ctx context.Context, c choice) error {
	if err := password.Check(c.plain); err != nil {
		return err
	}
	user, err := s.live(ctx, c.kind, c.link)
	if err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, c.plain)
	if err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		// First the user and then the link, as Change does: in another order the two could wait for each other.
		if _, err := tx.Exec(ctx, `select from identity.users where id = $1 for update`, user); err != nil {
			return audit.Entry{}, fmt.Errorf("hold user: %w", err)
		}
		if _, err := redeem(ctx, tx, c.kind, c.link); err != nil {
			return audit.Entry{}, err
		}
		return done(c.action, user), setPassword(ctx, tx, newPassword{user: user, hash: hash, name: c.name})
	})
}

// live returns whose link it is, if it could be redeemed.
func (s *Service) live(ctx context.Context, kind token.Kind, link string) (UserID, error) {
	hash, ok := kind.Hash(link)
	if !ok {
		return UserID{}, ErrToken
	}
	found, err := db.One[struct{ UserID UserID }](ctx, s.db,
		`select user_id from identity.tokens where hash = $1 and purpose = $2 and expires_at > now()`, hash, string(kind))
	return found.UserID, db.Absent(err, ErrToken)
}

// Change sets another password for the user who acts, who proves to know the old one. All sessions but this one end, and this
// one has a new token, which is returned.
func (s *Service) Change(ctx context.Context, old, plain secret.String) (text secret.String, err error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return text, err
	}
	if err := password.Check(plain); err != nil {
		return text, err
	}
	if err := s.Limits.Take(ctx, loginByAccount.For(who.ID.String())); err != nil {
		return text, err
	}
	known, err := s.prove(ctx, old, `id = $1`, who.ID)
	if err != nil {
		return text, err
	}
	hash, err := s.hasher.Hash(ctx, plain)
	if err != nil {
		return text, err
	}
	text, tokenHash := sessionToken.New()
	return text, s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		if err := lock(ctx, tx, known); err != nil {
			return audit.Entry{}, err
		}
		if err := setPassword(ctx, tx, newPassword{user: known.ID, hash: hash, keep: who.Session}); err != nil {
			return audit.Entry{}, err
		}
		return done("password_changed", known.ID), renew(ctx, tx, who.Session, tokenHash)
	})
}

// renew gives a session another token.
func renew(ctx context.Context, tx pgx.Tx, session id.UUID, hash []byte) error {
	_, err := tx.Exec(ctx, `update identity.sessions set token_hash = $2 where id = $1`, session, hash)
	return err
}
