package identity_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/vendors/oidc/oidctest"
)

const (
	beginAt  = "/v1/identity/oidc/start"
	finishAt = "/v1/identity/oidc/callback"
)

// visitor is a browser that keeps all its cookies, and is signed in at a provider.
type visitor struct {
	*site

	provider *oidctest.Provider
	cookies  map[string]string
}

// visit opens the site with a provider.
func visit(t *testing.T) *visitor {
	t.Helper()
	s := start(t, jobs.Schema())
	v := &visitor{site: s, provider: oidctest.New(t), cookies: map[string]string{}}
	s.users.Provider = v.provider.Open(t)
	return v
}

// other is another browser.
func (v *visitor) other() *visitor {
	return &visitor{site: v.site, provider: v.provider, cookies: map[string]string{}}
}

// get goes to an address, as a browser does that another site sends.
func (v *visitor) get(address string) *httptest.ResponseRecorder {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), http.MethodGet, address, nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("X-Forwarded-For", "198.51.100.7")
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		v.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	return w
}

// begin goes to the provider, and returns where that sends the browser back to.
func (v *visitor) begin() string {
	v.t.Helper()
	answer := v.provider.SignIn(v.t, v.get(beginAt+"?return_to=/after").Header().Get("Location"))
	return finishAt + "?" + url.Values{"code": {answer.Code}, "state": {answer.State}, "iss": {answer.Issuer}}.Encode()
}

func (v *visitor) signIn() *httptest.ResponseRecorder {
	v.t.Helper()
	return v.get(v.begin())
}

// me is who is signed in, or the zero user.
func (v *visitor) me() (user identity.User) {
	v.t.Helper()
	if w := v.get(meAt); w.Code == http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), &user); err != nil {
			v.t.Fatal(err)
		}
	}
	return user
}

// sentBack checks that the browser is sent to begin again, with a code and nothing else, and that nobody is signed in.
func (v *visitor) sentBack(what string, w *httptest.ResponseRecorder, code string) {
	v.t.Helper()
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || to != "https://example.com/login?error="+code || w.Header().Get("Set-Cookie") != "" {
		v.t.Errorf("%s: %d to %q, want the error %s: %s", what, w.Code, to, code, w.Body)
	}
	if v.cookies["__Host-session"] != "" {
		v.t.Errorf("%s: signed in as %+v", what, v.me())
	}
}

// refused checks that an answer refuses, and that nobody is signed in.
func (v *visitor) refused(what string, w *httptest.ResponseRecorder, status int, code string) {
	v.t.Helper()
	v.browser("").want(what, w, status, code)
	if v.cookies["__Host-session"] != "" {
		v.t.Errorf("%s: signed in as %+v", what, v.me())
	}
}

// hold checks how many users, and accounts of the provider, there are.
func (v *visitor) hold(users, accounts int) {
	v.t.Helper()
	got := []int{v.count(`select count(*) from identity.users`), v.count(`select count(*) from identity.provider_accounts`)}
	if diff := cmp.Diff([]int{users, accounts}, got); diff != "" {
		v.t.Errorf("users and accounts (-want +got):\n%s", diff)
	}
	verified := v.count(`select count(*) from identity.users where verified_at is not null`)
	if told := v.count(`select count(*) from events.events where type = 'identity.user_signed_up.v1'`); told != verified {
		v.t.Errorf("others are told of %d users, and there are %d", told, verified)
	}
}

func TestTheFirstSignInThroughAProviderMakesTheUserAndTheNextFindsThem(t *testing.T) {
	v := visit(t)
	w := v.signIn()
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "https://example.com/after" {
		t.Fatalf("%d to %q: %s", w.Code, to, w.Body)
	}
	first, session := v.me(), v.cookies["__Host-session"]
	if first.Email != "ann@example.com" || first.Name != "Ann" || first.VerifiedAt == nil {
		t.Errorf("signed in as %+v", first)
	}
	entries := []string{"identity.signed_in_by_provider " + first.ID.String() + ` {"account":"new"}`}
	if diff := cmp.Diff(entries, v.entries(0)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	v.provider.Person.Email, v.provider.Person.Verified = "ann@elsewhere.example", false // who it is, says the subject alone
	v.signIn()
	if again := v.me(); again.ID != first.ID || again.Email != first.Email {
		t.Errorf("the second time as %+v", again)
	}
	v.cookies["__Host-session"] = session
	if user := v.me(); !user.ID.IsZero() {
		t.Errorf("the session of before still is that of %s", user.Email)
	}
	v.hold(1, 1)
}

func TestAnAccountIsJoinedIfBothSidesHaveVerifiedTheAddress(t *testing.T) {
	v := visit(t)
	b := v.user(ann, "192.0.2.1")
	before := len(v.entries(0))
	v.signIn()
	entries := []string{"identity.signed_in_by_provider " + v.userOf(ann) + ` {"account":"joined"}`}
	if diff := cmp.Diff(entries, v.entries(before)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if id := v.me().ID.String(); id != v.userOf(ann) {
		t.Errorf("signed in as %s", id)
	}
	b.want("the password works on", b.do("POST", loginTo, form{"email": ann, "password": good}), 204, "")
	v.signIn()
	v.hold(1, 1)
}

func TestEightFirstSignInsAtOnceMakeOneUser(t *testing.T) {
	v := visit(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if w := v.other().signIn(); w.Code != http.StatusSeeOther {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	all.Wait()
	v.hold(1, 1)
}

func TestTheCookieOfASignInIsShortLivedAndGoneAfterIt(t *testing.T) {
	v := visit(t)
	w := v.get(beginAt)
	name, rest, _ := strings.Cut(w.Header().Get("Set-Cookie"), "=")
	value, attributes, _ := strings.Cut(rest, "; ")
	want := []string{"__Host-oidc", "Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax"}
	if diff := cmp.Diff(want, []string{name, attributes}); diff != "" {
		t.Error(diff)
	}
	location, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	if state := location.Query().Get("state"); state == "" || strings.Contains(value, state) {
		t.Errorf("the state %q can be read in the cookie", state)
	}
	v.signIn()
	if _, there := v.cookies["__Host-oidc"]; there || v.cookies["__Host-session"] == "" {
		t.Errorf("cookies: %v", v.cookies)
	}
}

func TestWithoutAProviderNobodySignsInThroughOne(t *testing.T) {
	v := visit(t)
	v.users.Provider = nil
	v.refused("begin", v.get(beginAt), 404, "provider_none")
	v.refused("finish", v.get(finishAt), 404, "provider_none")
}

func TestWhoDoesNotWantToIsNotSignedIn(t *testing.T) {
	v := visit(t)
	back := v.begin()
	declined := strings.Replace(back, "code=", "error=access_denied&x=", 1)
	v.sentBack("declined", v.get(declined), "sign_in_declined")
	v.provider.Close()
	v.sentBack("the provider is down", v.get(back), "provider_unavailable")
	v.users.Provider = v.provider.Open(t) // which knows nothing of it yet
	v.sentBack("it is down at the begin", v.get(beginAt), "provider_unavailable")
}
