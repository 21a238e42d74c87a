// Package identity knows who the users are and by what sessions they are signed in.
//
//	sign up -> mail with a link -> verify: choose a password -> log in -> session cookie -> authz.Principal
//
// A password is chosen only by who was sent the link: nobody can prepare an account for the address of another. Whether an
// address is known is told by mail alone; the answers, and the work behind them, are the same. The database holds hashes of
// passwords, sessions and links, never what signs anybody in, and a job carries the id of a user and no more: the link is made
// when its mail is sent.
package identity

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/identity/internal/password"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/platform/token"
	"example.com/myapp/internal/vendors/mail"
	"example.com/myapp/internal/vendors/oidc"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the part of the database that the domain owns.
func Schema() db.Schema {
	return db.NewSchema("identity", migrations)
}

// The errors of the domain.
var (
	// ErrCredentials is for a login: it does not say whether the address or the password is wrong.
	ErrCredentials = errors.New("the address or the password is wrong")

	// ErrNoUser is for an address that no user has proved to have.
	ErrNoUser = errors.New("no user has proved to have this address")

	// ErrToken is for a link that was never sent, is used, or is too old.
	ErrToken = errors.New("the link is not valid any longer; ask for a new one")

	// ErrEmail is for an address that is none.
	ErrEmail = errors.New("not an e-mail address")

	// ErrName is for a name that cannot be shown.
	ErrName = errors.New("a name has at most 200 characters and no control characters")

	// ErrNotFound is for a session that is not the user's, or not there.
	ErrNotFound = errors.New("no session of yours has this id")
)

// The kinds of tokens.
const (
	sessionToken token.Kind = "session"
	verifyToken  token.Kind = "verify"
	resetToken   token.Kind = "reset"
)

type (
	userKind    struct{}
	sessionKind struct{}

	// UserID names a user.
	UserID = id.ID[userKind]

	// SessionID names a session. It is no secret.
	SessionID = id.ID[sessionKind]
)

func (userKind) Prefix() string { return "user" }

func (sessionKind) Prefix() string { return "session" }

// Options are what the domain is told by the configuration.
type Options struct {
	// Mail sends the links, and URL is what they begin with.
	Mail mail.Sender
	URL  string

	// Idle and Lifetime end a session: after its last use, and after its begin.
	Idle     time.Duration
	Lifetime time.Duration

	// HashesAtOnce bounds the memory for passwords: 19 MiB each.
	HashesAtOnce int

	// Secure is for sites that are reached by TLS: their cookie is sent by TLS alone.
	Secure bool

	// Limits counts who tries how often.
	Limits *ratelimit.Limiter

	// Changed is told of users whose sessions or rights have changed.
	Changed authz.Changed

	// Provider signs people in who have an account there; nil if nobody does.
	Provider *oidc.Provider

	// Changing is told of them before a change commits.
	Changing authz.Changed

	// Keys seal the secrets of authenticator apps, which show codes under the name of the Issuer.
	Keys   *crypto.Keys
	Issuer string

	// Now is the time by which codes are looked at. Nil is time.Now.
	Now func() time.Time
}

// Service is the domain at work.
type Service struct {
	Options

	db     *db.DB
	hasher *password.Hasher

	touching chan struct{}
}

// How often somebody may try. The address is asked first: who has used up his own cannot use up that of an account.
var (
	loginByAddress = ratelimit.Rule{Name: "identity.login.address", Burst: 50, Every: 2 * time.Second}
	loginByAccount = ratelimit.Rule{Name: "identity.login.account", Burst: 10, Every: 30 * time.Second}

	mailByAddress = ratelimit.Rule{Name: "identity.mail.address", Burst: 20, Every: time.Minute}
	mailByAccount = ratelimit.Rule{Name: "identity.mail.account", Burst: 3, Every: 10 * time.Minute}
)

// New returns the domain on its part of the database.
func New(database *db.DB, o Options) *Service {
	return &Service{
		Options:  o,
		db:       database.As("identity"),
		hasher:   password.New(o.HashesAtOnce),
		touching: make(chan struct{}, 1),
	}
}

// mayTry counts a try with an address, from wherever the request comes.
func (s *Service) mayTry(ctx context.Context, byAddress, byAccount ratelimit.Rule, email string) error {
	return s.Limits.Take(ctx, byAddress.For(s.Limits.Address(ctx)), byAccount.For(strings.ToLower(email)))
}

// Permissions implements the list of what a domain guards: what a user does here is with what is the user's own.
func (*Service) Permissions() []authz.Grant { return nil }

// audited has fn change what is a user's, and records last what it returns: from there on the next change waits for the commit.
// It is in no tenant, whichever the request names: no workspace reads where else its members sign in.
func (s *Service) audited(ctx context.Context, fn func(context.Context, pgx.Tx) (audit.Entry, error)) error {
	who := authz.From(ctx)
	who.Tenant = id.UUID{}
	return s.db.InTx(authz.With(ctx, who), func(ctx context.Context, tx pgx.Tx) error {
		entry, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		changed := []id.UUID{who.ID}
		if user, err := id.Parse[userKind](entry.Subject); err == nil {
			changed = append(changed, user.UUID())
		}
		s.Changing.Tell(ctx, changed...)
		db.AfterCommit(ctx, func(ctx context.Context) { s.Changed.Tell(ctx, changed...) })
		return audit.Record(ctx, tx, entry)
	})
}

// done is the entry of what happened to a user, or to a session.
func done(action string, subject fmt.Stringer) audit.Entry {
	return audit.Entry{Action: "identity." + action, Subject: subject.String()}
}

func checkName(name string) error {
	if utf8.RuneCountInString(name) > 200 || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, "\u2028\u2029") {
		return ErrName
	}
	return nil
}
