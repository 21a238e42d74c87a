package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
	"example.com/myapp/internal/platform/secret"
	"example.com/myapp/internal/platform/token"
)

func TestAttackTheProcessThatSignsOutDiesBeforeItTellsAnybody(t *testing.T) {
	t.Attr("tried", "go on with a session whose end was committed by a process that was killed before it could tell the others")
	t.Attr("stopped", "before the commit Redis is told that a change is under way, and believes nobody until it is told the end")
	t.Parallel()
	cfg, err := config.Load(available(t))
	if err != nil {
		t.Fatal(err)
	}
	database, err := db.Open(t.Context(), databaseOptions(cfg))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	client, err := redis.Open(redis.Options{URL: secret.New(redistest.Start(t).URL())})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	s := newSignIn(cfg, database, nil, ratelimit.New(ratelimit.Options{}))
	known := cache.NewPrincipals(cache.Open(client, slog.New(slog.DiscardHandler)), "v1")
	s.userService.Changing, s.userService.Changed = known.Changing, nil // which is what a process that is killed does
	find := rememberSessions(known, s.userService.Token, s.askPostgres)

	text, hash := token.Kind("session").New()
	err = database.InTx(t.Context(), dbtest.Exec(`
		with ann as (insert into identity.users (id, email, verified_at) values ($1, 'ann@example.com', now()) returning id)
		insert into identity.sessions (id, user_id, token_hash, user_agent, expires_at) select $2, id, $3, '', now() + interval '1 hour' from ann`,
		id.New(), id.New(), hash))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/identity/me", nil)
	r.Header.Set("Cookie", "session="+text.Reveal())
	var who authz.Principal
	for range 4 {
		if who, err = find(r); err != nil || who.Kind != authz.User {
			t.Fatalf("before: %+v, %v", who, err)
		}
	}
	if err := s.userService.LogOut(authz.With(t.Context(), who)); err != nil {
		t.Fatal(err)
	}
	if who, err = find(r); err != nil || who.Kind != authz.Nobody {
		t.Errorf("after: %+v, %v", who, err)
	}
}
