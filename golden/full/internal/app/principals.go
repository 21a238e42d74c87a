package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/redis"
)

// rememberSessions asks find only for sessions that are not remembered. What comes with other credentials is left to find.
func rememberSessions(known *cache.Principals, token func(*http.Request) string, find func(*http.Request) (authz.Principal, error)) func(*http.Request) (authz.Principal, error) {
	return func(r *http.Request) (authz.Principal, error) {
		text := token(r)
		if text == "" || r.Header.Get("Authorization") != "" {
			return find(r)
		}
		return known.Get(r.Context(), text, r.Header.Get(authz.TenantHeader), func(context.Context) (authz.Principal, error) { return find(r) })
	}
}

// forgetEverybody is for commands that change who may do what: processes that serve remember it otherwise for a minute.
func forgetEverybody(ctx context.Context, cfg config.Config) error {
	client, err := redis.Open(redis.Options{URL: cfg.RedisURL, Timeout: cfg.RedisTimeout})
	if err != nil {
		return err
	}
	defer client.Close()
	if err := cache.NewPrincipals(cache.Open(client, slog.New(slog.DiscardHandler)), "").ForgetEverybody(ctx); err != nil {
		return fmt.Errorf("done, and remembered otherwise for a minute, since redis was not told: %w", err)
	}
	return nil
}
