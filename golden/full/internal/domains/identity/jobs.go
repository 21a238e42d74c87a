package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/token"
	"example.com/myapp/internal/vendors/mail"
)

// How long the links live.
const (
	verifyLife = 24 * time.Hour
	resetLife  = time.Hour
)

// Jobs adds what this domain does later, and each hour.
func (s *Service) Jobs(mux *jobs.Mux) {
	jobs.Handle(mux, s.db, s.sendLink)
	jobs.Handle(mux, s.db, s.upkeep)
	jobs.Every(mux, "identity.upkeep", jobs.Interval(time.Hour), upkeep{})
}

// sendLink sends a mail with a link to a user. It holds neither the address nor the link.
type sendLink struct {
	User UserID
	Link token.Kind
}

// Kind implements jobs.Job.
func (sendLink) Kind() string { return "identity.send_link" }

// sendLink makes the link and sends it. Its hash commits with the end of the job; if that fails after the mail was sent, the
// link in it is void, and another mail follows.
func (s *Service) sendLink(ctx context.Context, tx pgx.Tx, job sendLink) error {
	var email string
	var verified bool
	err := tx.QueryRow(ctx, `select email, verified_at is not null from identity.users where id = $1 for key share`, job.User).Scan(&email, &verified)
	if err != nil {
		return db.Absent(err, nil)
	}
	message, err := s.message(ctx, tx, job, verified)
	if err != nil {
		return err
	}
	message.To = email
	err = s.Mail.Send(ctx, message)
	if errors.Is(err, mail.ErrRecipient) || errors.Is(err, mail.ErrMessage) {
		return jobs.Permanent(err)
	}
	return err
}

// message writes the mail, and stores the hash of the link in it.
func (s *Service) message(ctx context.Context, tx pgx.Tx, job sendLink, verified bool) (mail.Message, error) {
	if job.Link == verifyToken && verified {
		return mail.Message{
			Subject: "You have an account already",
			Text: "Somebody, probably you, wanted to sign up with this address. There is an account with it.\n\n" +
				"To choose a new password: " + s.URL + "/forgot\n",
		}, nil
	}
	text, hash := job.Link.New()
	if job.Link == verifyToken {
		return mail.Message{
			Subject: "Confirm your address",
			Text: "To finish signing up, open this link within a day:\n\n" + s.URL + "/verify#" + text.Reveal() + "\n\n" +
				"If you did not sign up, do nothing.\n",
		}, issue(ctx, tx, job.User, job.Link, hash, verifyLife)
	}
	return mail.Message{
		Subject: "Choose a new password",
		Text: "To choose a new password, open this link within an hour:\n\n" + s.URL + "/reset#" + text.Reveal() + "\n\n" +
			"If you did not ask for it, do nothing: your password is as it was.\n",
	}, issue(ctx, tx, job.User, job.Link, hash, resetLife)
}

// upkeep deletes what is over.
type upkeep struct{}

// Kind implements jobs.Job.
func (upkeep) Kind() string { return "identity.upkeep" }

// upkeep also deletes who was asked a week ago whether to sign up, and did not.
func (s *Service) upkeep(ctx context.Context, tx pgx.Tx, _ upkeep) error {
	for _, over := range []string{
		`delete from identity.sessions where expires_at < now()`,
		`delete from identity.tokens where expires_at < now()`,
		`delete from identity.users u where verified_at is null and created_at < now() - interval '7 days'
			and not exists (select from identity.tokens where user_id = u.id)`,
	} {
		if _, err := tx.Exec(ctx, over); err != nil {
			return fmt.Errorf("delete what is over: %w", err)
		}
	}
	return nil
}
