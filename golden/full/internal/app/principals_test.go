package app

import (
	"net/http"
	"testing"
	"time"

	"example.com/myapp/internal/platform/redis"
	"example.com/myapp/internal/platform/redis/redistest"
)

// rememberedStory is two processes that remember nothing by themselves, on one Redis.
type rememberedStory struct {
	*twoProcesses
	redis *redistest.Server
}

func newRememberedStory(t *testing.T) *rememberedStory {
	server := redistest.Start(t)
	t.Setenv("TEST_REDIS_URL", server.URL())
	return &rememberedStory{startTwo(t, "SIGN_IN_MEMORY=0s"), server}
}

// both asks both processes, often enough that they remember.
func (s *rememberedStory) both(p *testPerson, want int, request string) {
	s.t.Helper()
	for range 3 {
		s.send(p, want, request, "")
		s.elsewhere(p, want, request)
	}
}

func TestAttackAStolenSessionThatWasRevokedElsewhere(t *testing.T) {
	t.Attr("tried", "use a session at one process that was ended at another, while both remember it")
	t.Attr("stopped", "what Redis remembers of the user is void with the commit, for every process")
	s := newRememberedStory(t)
	s.both(s.ann, http.StatusOK, readMe)
	thief := *s.ann
	s.send(s.ann, http.StatusNoContent, leave, "")
	s.elsewhere(&thief, http.StatusUnauthorized, readMe)
	s.send(&thief, http.StatusUnauthorized, readMe, "")

	s.logIn(s.ann)
	thief = *s.ann
	s.both(&thief, http.StatusOK, readMe)
	old := s.ann.password
	s.ann.password = s.secret("canary-newer-password", "a password")
	s.send(s.ann, http.StatusNoContent, "PUT /v1/identity/password", `{"old": %q, "new": %q}`, old, s.ann.password)
	s.elsewhere(&thief, http.StatusUnauthorized, readMe)
	s.both(s.ann, http.StatusOK, readMe)
}

func TestRedisIsEmptiedKilledAndStartedAgainAndNobodyNotices(t *testing.T) {
	s := newRememberedStory(t)
	client, err := redis.Open(redis.Options{URL: s.cfg.RedisURL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	s.both(s.ann, http.StatusOK, readMe)
	if len(client.Keys(t.Context(), "principals:*").Val()) == 0 {
		t.Error("nobody is remembered: this test proves nothing")
	}
	client.FlushAll(t.Context())
	s.both(s.ann, http.StatusOK, readMe)

	thief := *s.ann
	s.redis.Kill()
	s.both(s.ann, http.StatusOK, readMe)
	s.send(s.ann, http.StatusNoContent, leave, "")
	s.both(&thief, http.StatusUnauthorized, readMe)
	s.logIn(s.ann)
	s.both(s.ann, http.StatusOK, readMe)

	// It comes back with what it knew: that the session of the thief is one.
	s.redis.Run()
	for range 20 { // longer than it is not asked
		s.both(&thief, http.StatusUnauthorized, readMe)
		s.both(s.ann, http.StatusOK, readMe)
		time.Sleep(100 * time.Millisecond)
	}
	if kept := client.Keys(t.Context(), "principals:*").Val(); len(kept) < 4 {
		t.Errorf("Redis knows no more than before: %v", kept)
	}
}
