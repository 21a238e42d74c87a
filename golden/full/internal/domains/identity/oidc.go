package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/vendors/mail"
	"example.com/myapp/internal/vendors/oidc"
)

// The errors of signing in through a provider, besides those of package oidc.
var (
	// ErrNoProvider is for an application that was told of no provider.
	ErrNoProvider = errors.New("nobody signs in through a provider here")

	// ErrReturnTo is for a path that may lead to another site.
	ErrReturnTo = errors.New("not a path of this site")

	// ErrUnproved is for an address that the provider has not verified: it could be anybody's.
	ErrUnproved = errors.New("the provider has not verified the e-mail address; verify it there, or sign up here")

	// ErrTaken is for an address with an account here that another account of the same provider signs in to.
	ErrTaken = errors.New("there is an account with this address that the provider may not sign in to; use its password, or choose one by mail")
)

// BeginSignIn returns where a browser goes to sign in at the provider, and the cookie that it must bring back. What it returns to is
// the path of this site where it ends.
func (s *Service) BeginSignIn(ctx context.Context, r oidc.Request) (location, cookie string, err error) {
	if s.Provider == nil {
		return "", "", ErrNoProvider
	}
	if !isLocal(r.ReturnTo) {
		return "", "", ErrReturnTo
	}
	return s.Provider.Begin(ctx, r)
}

// isLocal says whether a path stays on this site, also as browsers read it: to them a backslash is a slash, and what begins
// with two of them is another host.
func isLocal(path string) bool {
	odd := func(r rune) bool { return r == '\\' || unicode.IsControl(r) }
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && len(path) <= 500 &&
		utf8.ValidString(path) && !strings.ContainsFunc(path, odd)
}

// ProviderAnswer is what a browser brings back from the provider.
type ProviderAnswer struct {
	oidc.Answer

	// UserAgent is what the browser calls itself.
	UserAgent string
}

// FinishSignIn returns the token of a new session, and where the browser goes from here. The session of the request ends.
func (s *Service) FinishSignIn(ctx context.Context, a ProviderAnswer) (text secret.String, returnTo string, err error) {
	if s.Provider == nil {
		return text, "", ErrNoProvider
	}
	if err := s.Limits.Take(ctx, loginByAddress.For(s.Limits.Address(ctx))); err != nil {
		return text, "", err
	}
	answer, err := s.Provider.Finish(ctx, a.Answer)
	if err != nil {
		return text, "", err
	}
	returnTo = answer.ReturnTo
	err = s.audited(ctx, func(ctx context.Context, tx pgx.Tx) (audit.Entry, error) {
		if err := takeOnce(ctx, tx, answer.Once); err != nil {
			return audit.Entry{}, err
		}
		user, account, err := userOf(ctx, tx, answer.Person)
		if err != nil {
			return audit.Entry{}, err
		}
		if half, asked, err := s.halve(ctx, tx, user); asked || err != nil {
			text, returnTo = half, "/login/code" // the page that asks for it
			return done("provider_accepted", user), err
		}
		text, err = s.begin(ctx, tx, user, a.UserAgent)
		if hash, whole := sessionToken.Hash(text.Reveal()); whole && !answer.Proved.IsZero() {
			// The provider may know the browser since long, which proves no more than a session that lay open.
			const proved = `update identity.sessions set proved_at = least(proved_at, $2) where token_hash = $1`
			_, err = tx.Exec(ctx, proved, hash, answer.Proved)
		}
		entry := done("signed_in_by_provider", user)
		entry.Details = account
		return entry, err
	})
	return text, returnTo, err
}

// takeOnce refuses an answer that was taken before. Those that nobody could bring any more are forgotten.
func takeOnce(ctx context.Context, tx pgx.Tx, hash []byte) error {
	if _, err := tx.Exec(ctx, `delete from identity.provider_answers where expires_at < now()`); err != nil {
		return fmt.Errorf("forget answers: %w", err)
	}
	const insert = `
		insert into identity.provider_answers (hash, expires_at) values ($1, now() + make_interval(secs => $2))
		on conflict do nothing returning hash`
	err := tx.QueryRow(ctx, insert, hash, 2*oidc.FlowTime.Seconds()).Scan(&hash)
	return db.Absent(err, oidc.ErrStale)
}

// userOf returns the user of an account at the provider, held until the end of the transaction, and what the audit log is told of an
// account that was not known. Who is not known by issuer and subject is known by the address, if the provider has verified it: it
// is that of a new user, or of one whom no other account of this provider signs in. Nobody else is joined: an address alone would
// let whoever holds it there, or will one day, take over what is here.
//
// A user who has not verified the address here has no password either, and nothing that a stranger could have prepared.
func userOf(ctx context.Context, tx pgx.Tx, p oidc.Person) (user UserID, account map[string]string, err error) {
	const known = `
		select a.user_id from identity.provider_accounts a join identity.users u on u.id = a.user_id
		where a.issuer = $1 and a.subject = $2 for key share of u`
	err = tx.QueryRow(ctx, known, p.Issuer, p.Subject).Scan(&user)
	if err == nil || !db.NotFound(err) {
		return user, nil, err
	}
	if !p.EmailVerified || !mail.IsAddress(p.Email) {
		return user, nil, ErrUnproved
	}
	if checkName(p.Name) != nil {
		p.Name = ""
	}
	// A user who is there is returned and held: what signs up meanwhile waits.
	const find = `
		insert into identity.users as u (id, email, name, verified_at) values ($1, $2, $3, now())
		on conflict (lower(email)) do update set verified_at = coalesce(u.verified_at, now()),
			name = case when u.verified_at is null then excluded.name else u.name end
		returning id, verified_at = now()`
	var fresh bool
	if err := tx.QueryRow(ctx, find, id.Make[userKind](), p.Email, p.Name).Scan(&user, &fresh); err != nil {
		return user, nil, fmt.Errorf("find user: %w", err)
	}
	account = map[string]string{"account": "joined"}
	if fresh {
		account = map[string]string{"account": "new"}
		if err := events.Publish(ctx, tx, UserSignedUp{user}); err != nil {
			return user, nil, err
		}
	}
	const join = `insert into identity.provider_accounts (issuer, subject, user_id) values ($1, $2, $3) on conflict do nothing`
	if _, err := tx.Exec(ctx, join, p.Issuer, p.Subject, user); err != nil {
		return user, nil, fmt.Errorf("join account: %w", err)
	}
	err = tx.QueryRow(ctx, known, p.Issuer, p.Subject).Scan(&user)
	return user, account, db.Absent(err, ErrTaken)
}
