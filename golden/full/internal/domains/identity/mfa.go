package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/identity/internal/totp"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/platform/token"
)

// The second factor is an authenticator app, or a recovery code in its place:
//
//	enrol -> confirm by a first code -> from then on: password -> half a session -> code -> session
//
// Half a session is no session: it is a token of another kind, in the same cookie, by which a code can be presented and nothing
// else. The session that follows has a token of its own.
const halfToken token.Kind = "half"

const (
	// halfLife is how long half a session waits for a code, and halfGuesses is how many codes may be presented with it.
	halfLife    = 10 * time.Minute
	halfGuesses = 5

	// recentProof is how old a proof may be for what changes the second factor.
	recentProof = 10 * time.Minute
)

// codeByAccount is how often a code may be presented for a user, however often the password is given: who knows it guesses three of
// a million codes at a time, and so for years.
var codeByAccount = ratelimit.Rule{Name: "identity.code.account", Burst: 10, Every: 10 * time.Minute}

// The errors of the second factor.
var (
	ErrCode     = errors.New("the code is wrong, or was used already")
	ErrHalf     = errors.New("log in with the password first")
	ErrFactor   = errors.New("there is a second factor already; take it away first")
	ErrNoFactor = errors.New("there is no second factor")
)

// Factor is what a user sees of the second factor.
type Factor struct {
	ConfirmedAt   *time.Time `json:"confirmed_at" doc:"Since when a code is asked for; null if it is not"`
	RecoveryCodes int        `json:"recovery_codes" doc:"How many are left"`
}

// Factor returns that of the user who acts.
func (s *Service) Factor(ctx context.Context) (Factor, error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return Factor{}, err
	}
	return db.One[Factor](ctx, s.db, `
		select (select confirmed_at from identity.factors where user_id = $1) as confirmed_at,
			(select count(*) from identity.recovery_codes where user_id = $1) as recovery_codes`, who.ID)
}

// Enrolment is what an app has to know. It is shown once.
type Enrolment struct {
	Secret string `json:"secret" doc:"To be typed into an app"`
	URI    string `json:"uri" doc:"To be shown as a QR code"`
}

// Enrol makes a secret for the app of the user who acts. Nothing is asked for before Confirm; until then another Enrol takes its
// place.
func (s *Service) Enrol(ctx context.Context) (made Enrolment, err error) {
	user, err := recentUser(ctx)
	if err != nil {
		return Enrolment{}, err
	}
	shared := totp.NewSecret()
	err = s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		sealed, err := s.Keys.Seal(ctx, tx, crypto.Person(user.UUID()), secretAt(user), shared)
		if err != nil {
			return audit.Entry{}, err
		}
		const insert = `
			insert into identity.factors (user_id, secret) values ($1, $2)
			on conflict (user_id) do update set secret = excluded.secret, last_step = 0 where factors.confirmed_at is null
			returning (select email from identity.users where id = $1)`
		var email string
		err = tx.QueryRow(ctx, insert, user, sealed).Scan(&email)
		made = Enrolment{Secret: totp.Text(shared), URI: totp.URI(s.Issuer, email, shared)}
		return done("factor_enrolled", user), db.Absent(err, ErrFactor)
	})
	return made, err
}

// Confirmed is what Confirm gives: the new token of the session, and codes for the day on which the app is lost.
type Confirmed struct {
	Token         secret.String
	RecoveryCodes []string
}

// Confirm takes a first code as proof that the app of the user who acts has the secret. All other sessions end, since they began
// without a code.
func (s *Service) Confirm(ctx context.Context, code string) (c Confirmed, err error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return Confirmed{}, err
	}
	user := id.FromUUID[userKind](who.ID)
	if err := s.Limits.Take(ctx, codeByAccount.For(user.String())); err != nil {
		return Confirmed{}, err
	}
	err = s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		// A login that has begun already waits, or is ended below.
		if _, err := tx.Exec(ctx, `select from identity.users where id = $1 for update`, user); err != nil {
			return audit.Entry{}, fmt.Errorf("lock user: %w", err)
		}
		if err := s.useCode(ctx, tx, user, code, `confirmed_at is null`); err != nil {
			return audit.Entry{}, err
		}
		if c.RecoveryCodes, err = makeRecoveryCodes(ctx, tx, user); err != nil {
			return audit.Entry{}, err
		}
		if _, err := tx.Exec(ctx, `delete from identity.sessions where user_id = $1 and id <> $2`, user, who.Session); err != nil {
			return audit.Entry{}, fmt.Errorf("end the other sessions: %w", err)
		}
		c.Token, err = prove(ctx, tx, who.Session)
		return done("factor_confirmed", user), err
	})
	return c, err
}

// Prove takes a code of the user who acts, for what needs a recent proof. The session has a new token then.
func (s *Service) Prove(ctx context.Context, code string) (text secret.String, err error) {
	who, err := authz.CheckUser(ctx)
	if err != nil {
		return text, err
	}
	user := id.FromUUID[userKind](who.ID)
	if err := s.Limits.Take(ctx, codeByAccount.For(user.String())); err != nil {
		return text, err
	}
	err = s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		entry, err := s.use(ctx, tx, "proved", user, code)
		if err != nil {
			return audit.Entry{}, err
		}
		text, err = prove(ctx, tx, who.Session)
		return entry, err
	})
	return text, err
}

// prove notes that the user of a session is there, and returns the new token of the session.
func prove(ctx context.Context, tx pgx.Tx, session id.UUID) (secret.String, error) {
	text, hash := sessionToken.New()
	_, err := tx.Exec(ctx, `update identity.sessions set token_hash = $2, proved_at = now() where id = $1`, session, hash)
	return text, err
}

// RemoveFactor takes the second factor of the user who acts away, and the recovery codes with it.
func (s *Service) RemoveFactor(ctx context.Context) error {
	user, err := recentUser(ctx)
	if err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		if _, err := tx.Exec(ctx, `delete from identity.recovery_codes where user_id = $1`, user); err != nil {
			return audit.Entry{}, fmt.Errorf("delete recovery codes: %w", err)
		}
		err := tx.QueryRow(ctx, `delete from identity.factors where user_id = $1 returning user_id`, user).Scan(&user)
		return done("factor_removed", user), db.Absent(err, ErrNoFactor)
	})
}

// recentUser is the user who acts and has proved a short while ago to be there.
func recentUser(ctx context.Context) (UserID, error) {
	who, err := authz.CheckUser(ctx)
	if err == nil {
		err = authz.CheckRecent(ctx, recentProof)
	}
	return id.FromUUID[userKind](who.ID), err
}
