package identity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/vendors/mail/mailtest"
)

const (
	ann      = "Ann@example.com"
	good     = "correct horse battery"
	other    = "another long password"
	loginTo  = "/v1/identity/login"
	meAt     = "/v1/identity/me"
	sessions = "/v1/identity/sessions"
)

// site is the domain behind all that a request goes through.
type site struct {
	t        *testing.T
	database *db.DB
	users    *identity.Service
	api      *httpx.API
	handler  http.Handler
	box      *mailtest.Box
}

func start(t *testing.T, schemas ...db.Schema) *site {
	t.Helper()
	t.Parallel()
	return startAlone(t, schemas...)
}

// startAlone is start for a test beside which no other may run.
func startAlone(t *testing.T, schemas ...db.Schema) *site {
	t.Helper()
	s := &site{t: t, box: &mailtest.Box{}}
	s.database = dbtest.New(t, append(schemas, events.Schema(), audit.Schema(), identity.Schema())...)
	// All requests come through one proxy, which is where httptest says they come from.
	limits := ratelimit.New(ratelimit.Options{Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}})
	s.users = identity.New(s.database, identity.Options{
		Mail: s.box, URL: "https://example.com", Idle: time.Hour, Lifetime: 24 * time.Hour, HashesAtOnce: 4, Secure: true, Limits: limits,
	})
	options := httpx.Options{
		Name: "test", RequestTimeout: time.Minute, MaxInFlight: 1000, MaxBodyBytes: 1 << 16,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Authenticate: s.authenticate,
		Around: []func(http.Handler) http.Handler{limits.Handler},
	}
	mux := http.NewServeMux()
	s.api = httpx.NewAPI(mux, options)
	s.users.Routes(s.api)
	if err := s.api.Err(); err != nil {
		t.Fatal(err)
	}
	s.handler = httpx.Handler(mux, options)
	return s
}

// authenticate is what internal/app does.
func (s *site) authenticate(r *http.Request) (authz.Principal, error) {
	batch := s.database.Batch(r.Context())
	asked := s.users.Ask(batch, s.users.Token(r))
	err := batch.Send(r.Context())
	s.users.Seen(r.Context(), asked)
	return asked.Principal, err
}

// browser keeps the cookie, as a browser does.
type browser struct {
	*site
	cookie string
	ip     string
}

func (s *site) browser(ip string) *browser { return &browser{site: s, ip: ip} }

func (b *browser) do(method, path string, body any, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	if body == nil {
		text = nil
	}
	r := httptest.NewRequestWithContext(context.WithoutCancel(b.t.Context()), method, path, strings.NewReader(string(text)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", b.ip)
	r.Header.Set("User-Agent", "Browser of "+b.ip)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	if set := w.Header().Get("Set-Cookie"); set != "" {
		b.cookie, _, _ = strings.Cut(set, ";")
	}
	return w
}

// want checks the status, and of a problem its code.
func (b *browser) want(what string, w *httptest.ResponseRecorder, status int, code string) {
	b.t.Helper()
	var got httpx.Problem
	_ = json.Unmarshal(w.Body.Bytes(), &got)
	if w.Code != status || got.Code != code || strings.Contains(w.Body.String(), "SQLSTATE") {
		b.t.Errorf("%s: got %d %q, want %d %q: %s", what, w.Code, got.Code, status, code, w.Body)
	}
}

type form map[string]string

// runJobs sends the mails that are due.
func (s *site) runJobs() {
	s.t.Helper()
	mux := jobs.NewMux()
	s.users.Jobs(mux)
	if _, err := jobstest.RunDue(s.t.Context(), s.database, mux, slog.New(slog.NewTextHandler(s.t.Output(), nil))); err != nil {
		s.t.Fatal(err)
	}
}

// link returns what stands behind the # of the newest mail.
func (s *site) link(to string) string {
	s.t.Helper()
	sent := s.box.Messages(to)
	if len(sent) == 0 {
		s.t.Fatalf("no mail to %s", to)
	}
	_, rest, _ := strings.Cut(sent[len(sent)-1].Text, "#")
	link, _, _ := strings.Cut(rest, "\n")
	return link
}

// user signs one up and in.
func (s *site) user(email, ip string) *browser {
	s.t.Helper()
	b := s.browser(ip)
	b.want("sign up", b.do("POST", "/v1/identity/signup", form{"email": email}), 202, "")
	s.runJobs()
	b.want("verify", b.do("POST", "/v1/identity/verify", form{"token": s.link(email), "name": "Ann", "password": good}), 204, "")
	b.want("log in", b.do("POST", loginTo, form{"email": email, "password": good}), 204, "")
	return b
}

func (s *site) count(query string, args ...any) int {
	s.t.Helper()
	return dbtest.Value[int](s.t, s.database, query, args...)
}

func TestAUserSignsUpSignsInAndLeaves(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	w := b.do("GET", meAt, nil)
	var me identity.User
	if err := json.Unmarshal(w.Body.Bytes(), &me); err != nil || me.Email != ann || me.Name != "Ann" || me.VerifiedAt == nil {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	again := s.browser("192.0.2.2")
	again.want("in another case", again.do("POST", loginTo, form{"email": "ann@EXAMPLE.com", "password": good}), 204, "")
	b.want("log out", b.do("POST", "/v1/identity/logout", nil), 204, "")
	b.want("without a session", b.do("GET", meAt, nil), 401, "unauthenticated")
	again.want("the other one", again.do("GET", meAt, nil), 200, "")
}

func TestTheCookieIsOutOfReachOfScriptsOtherSitesAndOtherHosts(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	w := b.do("POST", loginTo, form{"email": ann, "password": good})
	name, rest, _ := strings.Cut(w.Header().Get("Set-Cookie"), "=")
	_, attributes, _ := strings.Cut(rest, "; ")
	want := "Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax"
	if diff := cmp.Diff([]string{"__Host-session", want}, []string{name, attributes}); diff != "" {
		t.Error(diff)
	}
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	s := start(t, jobs.Schema())
	first := s.user(ann, "192.0.2.1")
	second := s.browser("192.0.2.2")
	second.do("POST", loginTo, form{"email": ann, "password": good})
	third := s.browser("192.0.2.3")
	third.do("POST", loginTo, form{"email": ann, "password": good})
	var list struct{ Items []identity.Session }
	if err := json.Unmarshal(first.do("GET", sessions, nil).Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range list.Items {
		got = append(got, fmt.Sprint(x.UserAgent, " ", x.Current))
	}
	want := []string{"Browser of 192.0.2.3 false", "Browser of 192.0.2.2 false", "Browser of 192.0.2.1 true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	first.want("revoke one", first.do("DELETE", sessions+"/"+list.Items[0].ID.String(), nil), 204, "")
	third.want("what was revoked", third.do("GET", meAt, nil), 401, "unauthenticated")
	ben := s.user("ben@example.com", "192.0.2.4")
	ben.want("revoke a session of another", ben.do("DELETE", sessions+"/"+list.Items[1].ID.String(), nil), 404, "session_not_found")
	second.want("it lives", second.do("GET", meAt, nil), 200, "")
	first.want("revoke the others", first.do("DELETE", sessions, nil), 204, "")
	second.want("the other", second.do("GET", meAt, nil), 401, "unauthenticated")
	first.want("this one", first.do("GET", meAt, nil), 200, "")
	ben.want("a stranger", ben.do("GET", meAt, nil), 200, "")
}

func TestSessionsAreListedUpToAThousand(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	s.exec(`insert into identity.sessions (id, user_id, token_hash, user_agent, expires_at)
		select gen_random_uuid(), u.id, n::text::bytea, '', now() + interval '1 day' from identity.users u, generate_series(1, 1001) n`)
	var list struct{ Items []identity.Session }
	if err := json.Unmarshal(b.do("GET", sessions, nil).Body.Bytes(), &list); err != nil || len(list.Items) != 1000 {
		t.Errorf("%d sessions, error %v", len(list.Items), err)
	}
}

func TestAForgottenPasswordIsResetAndEndsAllSessions(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	thief := &browser{site: s, cookie: b.cookie, ip: "203.0.113.1"}
	b.want("forgot", b.do("POST", "/v1/identity/password/forgot", form{"email": "ann@example.com"}), 202, "")
	s.runJobs()
	link := s.link(ann)
	b.want("reset", b.do("POST", "/v1/identity/password/reset", form{"token": link, "password": other}), 204, "")
	b.want("the same link again", b.do("POST", "/v1/identity/password/reset", form{"token": link, "password": good}), 422, "link_invalid")
	thief.want("a session of before", thief.do("GET", meAt, nil), 401, "unauthenticated")
	b.want("the old password", b.do("POST", loginTo, form{"email": ann, "password": good}), 401, "credentials_wrong")
	b.want("the new password", b.do("POST", loginTo, form{"email": ann, "password": other}), 204, "")
}

func TestAChangedPasswordEndsTheOtherSessionsAndRenewsThisOne(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	second := s.browser("192.0.2.2")
	second.do("POST", loginTo, form{"email": ann, "password": good})
	before := &browser{site: s, cookie: b.cookie, ip: "192.0.2.1"}
	b.want("without the old one", b.do("PUT", "/v1/identity/password", form{"old": other, "new": other}), 401, "credentials_wrong")
	b.want("to a common one", b.do("PUT", "/v1/identity/password", form{"old": good, "new": "password123"}), 422, "password_common")
	b.want("change", b.do("PUT", "/v1/identity/password", form{"old": good, "new": other}), 204, "")
	b.want("this session", b.do("GET", meAt, nil), 200, "")
	before.want("its token of before", before.do("GET", meAt, nil), 401, "unauthenticated")
	second.want("another session", second.do("GET", meAt, nil), 401, "unauthenticated")
}

func TestASessionEndsWhenItIsNotUsedAndWhenItIsOld(t *testing.T) {
	for name, statement := range map[string]string{
		"idle": `update identity.sessions set last_seen_at = now() - interval '61 minutes'`,
		"old":  `update identity.sessions set expires_at = now() - interval '1 second'`,
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, jobs.Schema())
			b := s.user(ann, "192.0.2.1")
			if err := s.database.InTx(t.Context(), dbtest.Exec(statement)); err != nil {
				t.Fatal(err)
			}
			b.want("it is over", b.do("GET", meAt, nil), 401, "unauthenticated")
		})
	}
}

func TestALinkThatIsTooOldIsRefused(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.browser("192.0.2.1")
	b.do("POST", "/v1/identity/signup", form{"email": ann})
	s.runJobs()
	if err := s.database.InTx(t.Context(), dbtest.Exec(`update identity.tokens set expires_at = now()`)); err != nil {
		t.Fatal(err)
	}
	b.want("verify", b.do("POST", "/v1/identity/verify", form{"token": s.link(ann), "name": "Ann", "password": good}), 422, "link_invalid")
	if n := s.users.HashesMade(); n != 0 {
		t.Errorf("a link that is not valid cost %d hashes", n)
	}
}
