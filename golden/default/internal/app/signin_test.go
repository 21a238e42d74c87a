package app

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
)

// twoProcesses serve from one database, and a user is signed in at both.
type twoProcesses struct {
	*userStory
	other string
}

func startTwo(t *testing.T, environ ...string) *twoProcesses {
	t.Helper()
	s := &twoProcesses{userStory: newStory(t, environ...)}
	urls := make(addresses)
	other, err := open(t.Context(), s.cfg, slog.New(urls), role{api: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	s.other = urls["api"]
	s.signUp(s.ann)
	return s
}

// elsewhere asks the other process.
func (s *twoProcesses) elsewhere(p *testPerson, want int, request string) {
	s.t.Helper()
	s.api, s.other = s.other, s.api
	defer func() { s.api, s.other = s.other, s.api }()
	s.send(p, want, request, "")
}

const readMe, endOthers, leave = "GET /v1/identity/me", "DELETE /v1/identity/sessions", "POST /v1/identity/logout"

func TestAttackASessionThatAnotherProcessEnded(t *testing.T) {
	t.Attr("tried", "use a session at one process that was ended at another, while both remember it")
	t.Attr("stopped", "what is remembered answers reads alone, for SIGN_IN_MEMORY at most; where it was ended it is void at once")
	s := startTwo(t, "SIGN_IN_MEMORY=1h")
	s.send(s.ann, http.StatusOK, readMe, "")
	s.elsewhere(s.ann, http.StatusOK, readMe)
	thief := *s.ann
	s.send(s.ann, http.StatusNoContent, leave, "")

	s.send(&thief, http.StatusUnauthorized, readMe, "")
	s.send(&thief, http.StatusUnauthorized, endOthers, "")
	s.elsewhere(&thief, http.StatusUnauthorized, endOthers)
	s.elsewhere(&thief, http.StatusOK, readMe) // for an hour here, which says that it was remembered

	s.logIn(s.ann) // here: the other process hears nothing of it
	s.elsewhere(&thief, http.StatusOK, readMe)
	s.elsewhere(s.ann, http.StatusNoContent, endOthers)
	s.elsewhere(&thief, http.StatusUnauthorized, readMe) // what a process changes it knows
}

func TestWithoutAMemoryEveryReadAsks(t *testing.T) {
	s := startTwo(t, "SIGN_IN_MEMORY=0s")
	s.elsewhere(s.ann, http.StatusOK, readMe)
	thief := *s.ann
	s.send(s.ann, http.StatusNoContent, leave, "")
	s.elsewhere(&thief, http.StatusUnauthorized, readMe)
}
