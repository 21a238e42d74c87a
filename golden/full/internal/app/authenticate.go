package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"example.com/myapp/internal/domains/apikeys"
	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/vendors/mail"
)

// signIn says who sends a request.
type signIn struct {
	database    *db.DB
	memory      *authz.Memory
	userService *identity.Service

	// findPrincipal is askPostgres, or what remembers its answers for all processes.
	findPrincipal func(*http.Request) (authz.Principal, error)

	knownPrincipals *cache.Principals

	spaceService *workspaces.Service

	keyService *apikeys.Service
}

// newSignIn opens the domain of the users, too.
func newSignIn(cfg config.Config, database *db.DB, mailSender mail.Sender, rateLimits *ratelimit.Limiter) *signIn {
	s := &signIn{database: database.As("identity"), memory: authz.NewMemory(cfg.SignInMemory)}
	s.findPrincipal = s.askPostgres
	s.userService = identity.New(database, identity.Options{
		Mail:         mailSender,
		URL:          cfg.AppURL,
		Idle:         cfg.SessionIdleTimeout,
		Lifetime:     cfg.SessionLifetime,
		HashesAtOnce: cfg.PasswordHashesAtOnce,
		Secure:       cfg.Production(),
		Limits:       rateLimits,
		Changed:      s.rightsChanged,
	})
	return s
}

// authenticate answers from memory for what only reads. What may change something is asked for each time: who was signed out, or
// had a permission taken away, by another process can so read for a moment longer, and change nothing.
func (s *signIn) authenticate(r *http.Request) (authz.Principal, error) {
	session, header := s.userService.Token(r), r.Header.Get("Authorization")
	if session == "" && header == "" {
		return authz.Principal{}, nil
	}
	if !httpx.Safe(r.Method) {
		return s.lookFor(r)
	}
	brought := strings.Join([]string{session, header, r.Header.Get(authz.TenantHeader)}, "\n")
	return s.memory.Get(sha256.Sum256([]byte(brought)), func() (authz.Principal, error) { return s.lookFor(r) })
}

// lookFor asks for nobody from where too many have come whom nobody knew, or who asked for a workspace of others: they are answered
// before their requests are counted.
func (s *signIn) lookFor(r *http.Request) (authz.Principal, error) {
	if err := s.userService.Limits.Suspect(r); err != nil {
		return authz.Principal{}, err
	}
	who, err := s.findPrincipal(r)
	if who.Kind == authz.Nobody && err == nil || errors.Is(err, authz.ErrAnonymous) || errors.Is(err, authz.ErrDenied) {
		s.userService.Limits.Stranger(r)
	}
	return who, err
}

// rightsChanged is told, after the commit, of whom it is no longer so what they may do.
func (s *signIn) rightsChanged(ctx context.Context, ids ...id.UUID) {
	s.knownPrincipals.Forget(ctx, ids...) // first: what is read from there meanwhile is forgotten below
	s.memory.Forget(ctx, ids...)
}

// askPostgres looks for who acts in one round trip; a request that brings nothing costs none. A session that is over is nobody, so that
// its owner can sign in again.
func (s *signIn) askPostgres(r *http.Request) (authz.Principal, error) {
	if key := apikeys.Bearer(r); key != "" {
		return s.authenticateKey(r, key)
	}
	text := s.userService.Token(r)
	if text == "" {
		return authz.Principal{}, nil
	}
	batch := s.database.Batch(r.Context())
	session := s.userService.Ask(batch, text)
	membership := s.spaceService.Ask(batch, r.Header.Get(authz.TenantHeader))
	if err := batch.Send(r.Context()); err != nil {
		return authz.Principal{}, fmt.Errorf("authenticate: %w", err)
	}
	s.userService.Seen(r.Context(), session)
	who, err := membership.In(session.Principal)
	if err != nil {
		return authz.Principal{}, err
	}
	session.Principal = who
	return session.Principal, nil
}
