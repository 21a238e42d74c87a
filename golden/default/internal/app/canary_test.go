package app

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tellStory runs through what people do. In the end there are jobs that wait, and one that was given up.
func tellStory(t *testing.T) *userStory {
	s := newStory(t)
	for _, p := range []*testPerson{s.ann, s.ben} {
		s.signUp(p)
	}

	s.workTogether()

	// The answer to a new password signs in, and is not kept.
	old := s.ann.password
	s.ann.password = s.secret("canary-repeated-password", "a password")
	s.ann.headers["Idempotency-Key"] = "password"
	for _, status := range []int{http.StatusNoContent, http.StatusConflict} {
		s.send(s.ann, status, "PUT /v1/identity/password", `{"old": %q, "new": %q}`, old, s.ann.password)
	}
	s.send(s.ann, http.StatusUnprocessableEntity, "PUT /v1/identity/password", `{"old": %q, "new": %q}`, s.ann.password, old)
	delete(s.ann.headers, "Idempotency-Key")

	s.isRefused(s.ann)
	s.forgets(s.ann)
	s.loseMail()
	s.ann.headers["X-Request-Id"] = "lost-mail"
	s.send(s.ann, http.StatusAccepted, "POST /v1/identity/password/forgot", `{"email": %q}`, s.ann.email)

	s.settle()
	// As the runner does after the last attempt, for which no test waits.
	const giveUp = `
		insert into jobs.dead_letters (id, kind, queue, payload, attempts, last_error, errors, request_id, traceparent, tenant_id, actor_id, created_at)
		select id, kind, queue, payload, attempts, last_error, errors, request_id, traceparent, tenant_id, actor_id, created_at from jobs.jobs`
	if tag, err := s.conn.Exec(t.Context(), giveUp); err != nil || tag.RowsAffected() == 0 {
		t.Fatalf("%s: %v", tag, err)
	}
	return s
}

// signUp makes a user of a person, who is signed in from here on.
func (s *userStory) signUp(p *testPerson) {
	s.send(p, http.StatusAccepted, "POST /v1/identity/signup", `{"email": %q}`, p.email)
	const verify = `{"token": %q, "name": %q, "password": %q}`
	s.send(p, http.StatusNoContent, "POST /v1/identity/verify", verify, s.link(p), p.name, p.password)
	s.logIn(p)
	p.id = s.read(s.send(p, http.StatusOK, "GET /v1/identity/me", ""), "id")
}

func (s *userStory) logIn(p *testPerson) {
	s.send(p, http.StatusNoContent, "POST /v1/identity/login", `{"email": %q, "password": %q}`, p.email, p.password)
}

// forgets chooses a new password by mail, and changes it again.
func (s *userStory) forgets(p *testPerson) {
	s.send(p, http.StatusAccepted, "POST /v1/identity/password/forgot", `{"email": %q}`, p.email)
	link := s.link(p)
	p.password = s.secret("canary-reset-password", "a password")
	s.send(p, http.StatusNoContent, "POST /v1/identity/password/reset", `{"token": %q, "password": %q}`, link, p.password)
	s.logIn(p)
	old := p.password
	p.password = s.secret("canary-changed-password", "a password")
	s.send(p, http.StatusNoContent, "PUT /v1/identity/password", `{"old": %q, "new": %q}`, old, p.password)
}

// isRefused asks for what nobody gets: a fault is told without what was sent.
func (s *userStory) isRefused(p *testPerson) {
	wrong, used := s.secret("canary-wrong-password", "a wrong password"), s.secret("verify_canary-used-link", "a void link")
	stranger := &testPerson{browser: p.browser, session: s.secret("session_canary-forged", "a forged session")}
	const logIn, verify = "POST /v1/identity/login", "POST /v1/identity/verify"
	s.send(stranger, http.StatusUnauthorized, "GET /v1/identity/me?token="+wrong, "")
	s.send(stranger, http.StatusUnauthorized, logIn, `{"email": %q, "password": %q}`, p.email, wrong)
	s.send(stranger, http.StatusUnprocessableEntity, logIn, `{"email": %q, "password": [%q]}`, p.email, wrong)
	s.send(stranger, http.StatusUnprocessableEntity, logIn, `{"email": [%q], "password": {"is": %q}}`, p.email, wrong)
	s.send(stranger, http.StatusBadRequest, logIn, `{"email": %q, "password": %q`, p.email, wrong)
	s.send(stranger, http.StatusUnprocessableEntity, verify, `{"token": %q, "name": %q, "password": %q}`, used, p.name, wrong)
	s.send(stranger, http.StatusUnprocessableEntity, verify, `{"token": %q, "name": %q, "password": %q}`, used, strings.Repeat(p.name, 20), wrong)
	s.send(stranger, http.StatusUnprocessableEntity, "POST /v1/identity/signup", `{"email": %q}`, p.email+" "+p.name)
}

// homeTables are the tables in which personal values stand, and which only who owns them sees.
func homeTables() []string {
	tables := []string{"identity.users", "identity.sessions"}
	tables = append(tables, "workspaces.invitations")
	tables = append(tables, "idempotency.keys")
	return tables
}

// holdsText says whether a text has a value in it, in whatever case, or as Postgres prints bytes.
func holdsText(text, value string) bool {
	text, value = strings.ToLower(text), strings.ToLower(value)
	return strings.Contains(text, value) || strings.Contains(text, hex.EncodeToString([]byte(value)))
}

// personal are the values by which somebody could be known.
func (p *testPerson) personal() []string {
	return append([]string{p.email, p.name, p.browser}, p.known...)
}

func TestNoSecretIsWrittenDownAndNothingPersonalBesideItsPlace(t *testing.T) {
	t.Parallel()
	s := tellStory(t)
	public := map[string]string{"the description of the API": string(s.send(s.ann, http.StatusOK, "GET /openapi.json", ""))}
	private := map[string]string{"an answer": strings.Join(s.answers, "\n")}
	public["a refusal"], public["the log"] = strings.Join(s.refusals, "\n"), s.stop()
	lists := []string{"dlq ls", "trace request lost-mail"}
	for _, list := range lists {
		_, public[list], _ = execute(t, s.environ, append([]string{"admin"}, strings.Fields(list)...)...)
	}
	if places := regexp.MustCompile(`  (job|dead letter) +identity.send_link, `).FindAllString(public["trace request lost-mail"], -1); len(places) != 2 {
		t.Errorf("the trace of a request with a mail that is lost shows\n%s", public["trace request lost-mail"])
	}
	dump := s.dump()
	for table, rows := range dump {
		if slices.Contains(homeTables(), table) {
			private[table] = rows
		} else {
			public[table] = rows
		}
	}
	for value, what := range s.secrets {
		// A token is told from its kind: what counts is what is random in it.
		if _, random, ok := strings.Cut(value, "_"); ok {
			value = random
		}
		for _, places := range []map[string]string{private, public} {
			for place, text := range places {
				if holdsText(text, value) {
					t.Errorf("%s stands in %s", what, place)
				}
			}
		}
	}
	for _, value := range append(s.ann.personal(), s.ben.personal()...) {
		for place, text := range public {
			if holdsText(text, value) {
				t.Errorf("%s stands in %s", value, place)
			}
		}
		if !holdsText(fmt.Sprint(dump), value) {
			t.Errorf("%s was never stored: this test sees nothing", value)
		}
	}
	for place, text := range public {
		schema, _, table := strings.Cut(place, ".")
		for _, value := range s.texts {
			if holdsText(text, value) && (!table || schema == "audit" || schema == "jobs") {
				t.Errorf("what a customer wrote, %s, stands in %s", value, place)
			}
		}
	}
}
