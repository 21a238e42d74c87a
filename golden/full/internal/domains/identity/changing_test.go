package identity_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/cache"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/redis/redistest"
)

func TestAttackTheProcessThatSignsOutDiesBeforeItTellsAnybody(t *testing.T) {
	t.Attr("tried", "go on with a session whose end was committed by a process that was killed before it could tell the others")
	t.Attr("stopped", "before the commit Redis is told that a change is under way, and believes nobody until it is told the end")
	s := start(t, jobs.Schema())
	known := cache.NewPrincipals(cache.Open(redistest.New(t, 7), slog.New(slog.DiscardHandler)), "v1")
	s.users.Changing = known.Changing // and Changed is nil: that is what a process that is killed does
	b := s.user(ann, "192.0.2.1")
	text := strings.TrimPrefix(b.cookie, "__Host-session=")
	who := func() authz.Kind {
		t.Helper()
		found, err := known.Get(t.Context(), text, "", func(ctx context.Context) (authz.Principal, error) {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, meAt, nil)
			if err != nil {
				return authz.Principal{}, err
			}
			r.Header.Set("Cookie", b.cookie)
			return s.authenticate(r)
		})
		if err != nil {
			t.Fatal(err)
		}
		return found.Kind
	}
	for range 4 {
		if kind := who(); kind != authz.User {
			t.Fatalf("before: %q", kind)
		}
	}
	thief := &browser{site: s, cookie: b.cookie, ip: "203.0.113.1"}
	thief.want("sign out", thief.do("POST", "/v1/identity/logout", nil), 204, "")
	if kind := who(); kind != authz.Nobody {
		t.Errorf("after: %q", kind)
	}
}
