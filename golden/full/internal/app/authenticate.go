package app

import (
	"fmt"
	"net/http"

	"example.com/myapp/internal/domains/apikeys"
	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/vendors/mail"
)

// openIdentity returns the domain of the users.
func openIdentity(cfg config.Config, database *db.DB, mailSender mail.Sender, rateLimits *ratelimit.Limiter) *identity.Service {
	return identity.New(database, identity.Options{
		Mail:         mailSender,
		URL:          cfg.AppURL,
		Idle:         cfg.SessionIdleTimeout,
		Lifetime:     cfg.SessionLifetime,
		HashesAtOnce: cfg.PasswordHashesAtOnce,
		Secure:       cfg.Production(),
		Limits:       rateLimits,
	})
}

// signIn says who sends a request.
type signIn struct {
	database    *db.DB
	userService *identity.Service

	spaceService *workspaces.Service

	keyService *apikeys.Service
}

// authenticate asks the database in one round trip; a request that brings nothing costs none. A session that is over is nobody,
// so that its owner can sign in again.
func (s *signIn) authenticate(r *http.Request) (authz.Principal, error) {
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
