package app

import (
	"io"
	"net/http"
	"net/url"

	"example.com/myapp/internal/vendors/oidc/oidctest"
)

// signsInElsewhere has somebody sign in through the provider to the account that is here, and be refused in several ways.
func (s *userStory) signsInElsewhere(p *testPerson) {
	s.secret(oidctest.ClientSecret, "the client secret")
	s.secret("canary-description", "what the provider says about a code")
	subject := "canary-subject-of-" + p.name
	p.known = append(p.known, subject)
	s.provider.Callback = s.cfg.AppURL + "/v1/identity/oidc/callback"
	s.provider.Person = oidctest.Person{Subject: subject, Email: p.email, Name: p.name, Verified: true}

	s.comesBack(p, "/login?error=sign_in_refused", func(answer url.Values) { answer.Set("code", s.secret("canary-stolen-code", "a stolen code")) })
	s.comesBack(p, "/login?error=sign_in_stale", func(answer url.Values) { answer.Set("state", s.secret("canary-state", "a forged state")) })
	s.comesBack(p, "/login?error=sign_in_declined", func(answer url.Values) { answer.Set("error", "access_denied") })
	s.provider.Person.Verified = false
	s.comesBack(p, "/login?error=email_unverified", nil)
	s.provider.Person.Verified = true
	p.session = s.secret(s.comesBack(p, "/", nil), "a session")
}

// comesBack goes to the provider and comes back with its answer, bent if it is to be, and wants to end at a path. It returns the
// session.
func (s *userStory) comesBack(p *testPerson, want string, bend func(url.Values)) (session string) {
	s.t.Helper()
	away := s.goes(p, "/v1/identity/oidc/start")
	answer := s.provider.SignIn(s.t, away.Header.Get("Location"))
	query := url.Values{"code": {s.secret(answer.Code, "a code")}, "state": {answer.State}, "iss": {answer.Issuer}}
	if bend != nil {
		bend(query)
	}
	w := s.goes(p, "/v1/identity/oidc/callback?"+query.Encode(), away.Cookies()...)
	to := w.Header.Get("Location")
	if to != s.cfg.AppURL+want {
		s.t.Errorf("%s ends at %q, want %q", p.name, to, want)
	}
	s.refusals = append(s.refusals, to)
	for _, c := range w.Cookies() {
		if c.Name == "session" {
			session = c.Value
		}
	}
	return session
}

// goes goes to an address as a browser does that follows no redirect, and wants one.
func (s *userStory) goes(p *testPerson, path string, cookies ...*http.Cookie) *http.Response {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.api+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("User-Agent", p.browser)
	for _, c := range append(cookies, &http.Cookie{Name: "session", Value: p.session}) {
		r.AddCookie(c)
	}
	w, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.Body.Close()
	answer, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("%s: %d %s %v", path, w.StatusCode, answer, err)
	}
	s.answers = append(s.answers, string(answer))
	return w
}
