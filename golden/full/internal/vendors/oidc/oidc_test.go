package oidc_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/vendors/oidc"
	"example.com/myapp/internal/vendors/oidc/oidctest"
)

// signIn goes the whole way in one browser.
func signIn(t *testing.T, p *oidctest.Provider, app *oidc.Provider) (oidc.Done, error) {
	t.Helper()
	location, cookie, err := app.Begin(t.Context(), oidc.Request{ReturnTo: "/after"})
	if err != nil {
		return oidc.Done{}, err
	}
	answer := p.SignIn(t, location)
	answer.Cookie = cookie
	return app.Finish(t.Context(), answer)
}

func TestWhoSignsInAtTheProviderIsKnownHere(t *testing.T) {
	for name, terse := range map[string]bool{"address in the ID token": false, "address in the userinfo": true} {
		t.Run(name, func(t *testing.T) {
			p := oidctest.New(t)
			p.Terse = terse
			done, err := signIn(t, p, p.Open(t))
			want := oidc.Person{Issuer: p.URL, Subject: "subject-of-ann", Email: "ann@example.com", EmailVerified: true, Name: "Ann"}
			if diff := cmp.Diff(want, done.Person); diff != "" || err != nil || done.ReturnTo != "/after" {
				t.Errorf("%v, back to %q (-want +got):\n%s", err, done.ReturnTo, diff)
			}
		})
	}
}

func TestAProviderSaysSinceWhenItKnowsWhoSignsIn(t *testing.T) {
	hourAgo := time.Now().Add(-time.Hour).Truncate(time.Second)
	for name, test := range map[string]struct {
		since time.Time
		again bool
		want  time.Duration
	}{
		"known":              {hourAgo, false, time.Hour},
		"asked again":        {hourAgo, true, 0},
		"it does not say it": {time.Time{}, true, time.Since(time.Time{})},
	} {
		t.Run(name, func(t *testing.T) {
			p := oidctest.New(t)
			p.Person.Since = test.since
			app := p.Open(t)
			location, cookie, err := app.Begin(t.Context(), oidc.Request{Again: test.again})
			if err != nil {
				t.Fatal(err)
			}
			answer := p.SignIn(t, location)
			answer.Cookie = cookie
			done, err := app.Finish(t.Context(), answer)
			if ago := time.Since(done.Proved); err != nil || ago.Round(time.Minute) != test.want.Round(time.Minute) {
				t.Errorf("%v, proved %s ago", err, ago)
			}
		})
	}
}

func TestAProviderIsAskedWhoItIsOnceAndItsNewKeysAreFound(t *testing.T) {
	p := oidctest.New(t)
	app := p.Open(t)
	for range 3 {
		for range 4 {
			if _, err := signIn(t, p, app); err != nil {
				t.Fatal(err)
			}
		}
		p.Rotate()
	}
	if documents, keys := p.Asked("/.well-known/openid-configuration"), p.Asked("/keys"); documents != 1 || keys != 3 {
		t.Errorf("asked %d times who it is, and %d times for 3 keys", documents, keys)
	}
}

func TestAProviderThatIsDownIsLeftAloneForAWhile(t *testing.T) {
	asked := 0
	p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer p.Close()
	app, err := oidc.New(oidc.Options{Issuer: p.URL, ClientID: "x", Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if _, _, err := app.Begin(t.Context(), oidc.Request{ReturnTo: "/"}); !errors.Is(err, oidc.ErrUnavailable) {
			t.Fatalf("got %v", err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

func TestNothingIsAskedButTheHostsOfTheProviderAndNotWithoutEnd(t *testing.T) {
	var elsewhere sync.Map
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { elsewhere.Store(r.URL.Path, true) }))
	defer other.Close()
	for name, bend := range map[string]func(p *oidctest.Provider, good http.Handler) http.Handler{
		"a redirect to another host": func(*oidctest.Provider, http.Handler) http.Handler {
			return http.RedirectHandler(other.URL+"/redirected", http.StatusFound)
		},
		"a redirect": func(_ *oidctest.Provider, good http.Handler) http.Handler {
			moved := http.NewServeMux()
			moved.Handle("/.well-known/", http.RedirectHandler("/moved/.well-known/openid-configuration", http.StatusFound))
			moved.Handle("/moved/", http.StripPrefix("/moved", good))
			moved.Handle("/", good)
			return moved
		},
		"an answer of two megabytes": func(_ *oidctest.Provider, good http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/.well-known/") {
					_, _ = w.Write(bytes.Repeat([]byte(" "), 2<<20))
				}
				good.ServeHTTP(w, r)
			})
		},
		"another issuer":             says("issuer", other.URL),
		"no keys":                    says("jwks_uri", ""),
		"a file":                     says("token_endpoint", "file:///etc/passwd"),
		"a door that is no web page": says("authorization_endpoint", strings.Replace(other.URL, "http", "ftp", 1)),
	} {
		t.Run(name, func(t *testing.T) {
			p := oidctest.New(t)
			p.Config.Handler = bend(p, p.Config.Handler)
			if _, err := signIn(t, p, p.Open(t)); !errors.Is(err, oidc.ErrUnavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
	elsewhere.Range(func(path, _ any) bool {
		t.Errorf("%s was asked of another host", path)
		return true
	})
}

func says(name, value string) func(*oidctest.Provider, http.Handler) http.Handler {
	return func(p *oidctest.Provider, good http.Handler) http.Handler {
		p.BendMetadata = func(m map[string]any) { m[name] = value }
		return good
	}
}

func TestAProviderThatWantsTheSecretInTheFormGetsItThere(t *testing.T) {
	p := oidctest.New(t)
	p.BendMetadata = func(m map[string]any) { m["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"} }
	inner := p.Config.Handler
	inForm := false
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, secret := r.PostFormValue("client_id"), r.PostFormValue("client_secret"); secret != "" {
			inForm = true
			r.SetBasicAuth(id, secret)
		}
		inner.ServeHTTP(w, r)
	})
	if _, err := signIn(t, p, p.Open(t)); err != nil || !inForm {
		t.Errorf("in the form: %v; %v", inForm, err)
	}
}

func TestNothingPrintsTheSecretOfTheApplicationNorWhatTheProviderSays(t *testing.T) {
	p := oidctest.New(t)
	var log strings.Builder
	o := p.Options(t)
	o.Log = slog.New(slog.NewJSONHandler(&log, nil))
	app, err := oidc.New(o)
	if err != nil {
		t.Fatal(err)
	}
	location, cookie, err := app.Begin(t.Context(), oidc.Request{ReturnTo: "/"})
	if err != nil {
		t.Fatal(err)
	}
	answer := p.SignIn(t, location)
	answer.Code, answer.Cookie = "canary-code", cookie
	if _, err := app.Finish(t.Context(), answer); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("got %v", err)
	}
	fmt.Fprintf(&log, "%v %+v %#v %s", app, app, app, cookie)
	if text := log.String(); strings.Contains(text, "canary") || !strings.Contains(text, "invalid_grant") || strings.Contains(text, answer.State) {
		t.Error(text)
	}
}
