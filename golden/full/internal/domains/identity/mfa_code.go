package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/identity/internal/totp"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/secret"
)

// CodeRequest asks for the session of which the cookie holds half.
type CodeRequest struct {
	Half      string
	Code      string
	UserAgent string
}

// LogInByCode returns the token of a new session for half of one and a code. Each code that is presented is counted before it is
// looked at: after five the half is worth nothing, and the password is asked for again.
func (s *Service) LogInByCode(ctx context.Context, r CodeRequest) (text secret.String, err error) {
	user, err := s.guess(ctx, r.Half)
	if err != nil {
		return text, err
	}
	if err := s.Limits.Take(ctx, codeByAccount.For(user.String())); err != nil {
		return text, err
	}
	err = s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		// First the user and then the half, as who sets a password: in another order the two could wait for each other.
		if _, err := tx.Exec(ctx, `select from identity.users where id = $1 for key share`, user); err != nil {
			return audit.Entry{}, fmt.Errorf("hold user: %w", err)
		}
		if _, err := redeem(ctx, tx, halfToken, r.Half); err != nil {
			return audit.Entry{}, ErrHalf
		}
		entry, err := s.use(ctx, tx, "logged_in", user, r.Code)
		if err != nil {
			return audit.Entry{}, err
		}
		text, err = s.begin(ctx, tx, user, r.UserAgent)
		return entry, err
	})
	return text, err
}

// halve makes half a session, if the user has a second factor, in place of the session that acts in ctx.
func (s *Service) halve(ctx context.Context, tx pgx.Tx, user UserID) (text secret.String, asked bool, err error) {
	const query = `select exists (select from identity.factors where user_id = $1 and confirmed_at is not null)`
	if err := tx.QueryRow(ctx, query, user).Scan(&asked); err != nil || !asked {
		return text, false, err
	}
	if _, err := tx.Exec(ctx, `delete from identity.sessions where id = $1::uuid`, authz.From(ctx).Session.String()); err != nil {
		return text, true, fmt.Errorf("end the session before: %w", err)
	}
	text, hash := halfToken.New()
	return text, true, issue(ctx, tx, user, halfToken, hash, halfLife)
}

// guess counts a code that is presented with half a session, and returns whose it is. The count lasts, whatever follows.
func (s *Service) guess(ctx context.Context, half string) (user UserID, err error) {
	hash, ok := halfToken.Hash(half)
	if !ok {
		return UserID{}, ErrHalf
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			update identity.tokens set guesses = guesses + 1
			where hash = $1 and purpose = $2 and expires_at > now() and guesses < $3
			returning user_id`, hash, string(halfToken), halfGuesses).Scan(&user)
	})
	return user, db.Absent(err, ErrHalf)
}

// use takes a code of the app, or a recovery code, and returns the entry of what it was used for.
func (s *Service) use(ctx context.Context, tx pgx.Tx, action string, user UserID, code string) (audit.Entry, error) {
	entry := done(action, user)
	if code = strings.TrimSpace(code); len(code) <= 6 {
		entry.Details = map[string]string{"by": "app"}
		return entry, s.useCode(ctx, tx, user, code, `confirmed_at is not null`)
	}
	entry.Details = map[string]string{"by": "recovery code"}
	err := tx.QueryRow(ctx, `delete from identity.recovery_codes where user_id = $1 and hash = $2 returning user_id`,
		user, recoveryHash(code)).Scan(&user)
	return entry, db.Absent(err, ErrCode)
}

// useCode takes a code of the app of a user, if a condition holds for the app. The step of the code is compared and stored in one
// statement: of two who present the same code at once, one comes too late.
func (s *Service) useCode(ctx context.Context, tx pgx.Tx, user UserID, code, where string) error {
	var sealed []byte
	err := tx.QueryRow(ctx, `select secret from identity.factors where user_id = $1 and `+where, user).Scan(&sealed)
	if err != nil {
		return db.Absent(err, ErrNoFactor)
	}
	shared, err := s.Keys.Open(ctx, tx, secretAt(user), sealed)
	if err != nil {
		return err
	}
	step, found := totp.Find(shared, code, s.now())
	if !found {
		return ErrCode
	}
	const note = `
		update identity.factors set last_step = $2, confirmed_at = coalesce(confirmed_at, now())
		where user_id = $1 and last_step < $2 returning user_id`
	return db.Absent(tx.QueryRow(ctx, note, user, step).Scan(&user), ErrCode)
}

func (s *Service) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// secretAt is where the secret of a user stands: copied to the row of another, it does not open.
func secretAt(user UserID) crypto.Place {
	return crypto.Place{Column: "identity.factors.secret", Row: user.String()}
}

// RenewRecoveryCodes makes new recovery codes for the user who acts, in place of all that are left. They are shown once.
func (s *Service) RenewRecoveryCodes(ctx context.Context) (codes []string, err error) {
	user, err := recentUser(ctx)
	if err != nil {
		return nil, err
	}
	err = s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		const query = `select user_id from identity.factors where user_id = $1 and confirmed_at is not null for update`
		if err := tx.QueryRow(ctx, query, user).Scan(&user); err != nil {
			return audit.Entry{}, db.Absent(err, ErrNoFactor)
		}
		codes, err = makeRecoveryCodes(ctx, tx, user)
		return done("recovery_codes_renewed", user), err
	})
	return codes, err
}

// makeRecoveryCodes stores the hashes of ten codes, and of no others. A code has 80 random bits, so that a plain hash will do.
func makeRecoveryCodes(ctx context.Context, tx pgx.Tx, user UserID) (codes []string, err error) {
	var hashes [][]byte
	for range 10 {
		random := make([]byte, 10)
		rand.Read(random)
		text := strings.ToLower(base32.StdEncoding.EncodeToString(random))
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		hashes = append(hashes, recoveryHash(text))
	}
	const replace = `
		with old as (delete from identity.recovery_codes where user_id = $1)
		insert into identity.recovery_codes (user_id, hash) select $1, unnest($2::bytea[])`
	if _, err := tx.Exec(ctx, replace, user, hashes); err != nil {
		return nil, fmt.Errorf("store recovery codes: %w", err)
	}
	return codes, nil
}

// recoveryHash is over a code as people type it: in whatever case, with the dashes or without.
func recoveryHash(code string) []byte {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))))
	return sum[:]
}
