package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/cache"
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

// forgetEverybody is for commands that have changed who may do what. Where Redis cannot be told, processes that serve remember it
// otherwise for a minute, which is no reason to say that it was not done.
func forgetEverybody(ctx context.Context, p adminProcess) {
	client, err := redis.Open(redis.Options{URL: p.cfg.RedisURL, Timeout: p.cfg.RedisTimeout})
	if err == nil {
		defer client.Close()
		err = cache.NewPrincipals(cache.Open(client, slog.New(slog.DiscardHandler)), "").ForgetEverybody(ctx)
	}
	if err != nil {
		fmt.Fprintln(p.Stderr, "redis was not told, and remembers for a minute what was so before:", err)
	}
}
