package proof

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// person is somebody with a browser: it keeps cookies, follows redirects, and
// sends the forms that it is shown.
type person struct {
	t *testing.T
	*http.Client

	app string

	// back is where the provider sent the browser last.
	back string
}

func newPerson(t *testing.T, app string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, Client: &http.Client{Jar: jar, Timeout: 20 * time.Second}, app: app}
	p.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/oidc/callback") {
			p.back = r.URL.String()
		}
		return nil
	}
	return p
}

// page is where a browser has arrived.
type page struct {
	status int
	at     *url.URL
	text   string
}

func (p *person) visit(method, address string, form url.Values) page {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := p.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return page{res.StatusCode, res.Request.URL, string(text)}
}

// The forms of the provider, and the link by which one leaves.
var (
	formTo  = regexp.MustCompile(`(?s)<form[^>]* action="([^"]+)" method="post">.*?name="prompt" value="(\w+)"`)
	abortTo = regexp.MustCompile(`href="([^"]+/abort)"`)
)

// signIn goes to the provider and back, and returns where it ends and how many
// forms it was shown. At one that it does not agree to it leaves.
func (p *person) signIn(login string, agrees bool) (end page, forms int) {
	p.t.Helper()
	at := p.visit("GET", p.app+"/v1/identity/oidc/start?return_to=/welcome", nil)
	for found := formTo.FindStringSubmatch(at.text); found != nil; found = formTo.FindStringSubmatch(at.text) {
		if forms++; forms > 4 {
			p.t.Fatalf("no end of forms: %s", at.text)
		}
		to := func(address string) string {
			next, err := at.at.Parse(html.UnescapeString(address))
			if err != nil {
				p.t.Fatal(err)
			}
			return next.String()
		}
		if abort := abortTo.FindStringSubmatch(at.text); !agrees && found[2] == "consent" {
			if abort == nil {
				p.t.Fatalf("no way to leave: %s", at.text)
			}
			at = p.visit("GET", to(abort[1]), nil)
			continue
		}
		at = p.visit("POST", to(found[1]), url.Values{"prompt": {found[2]}, "login": {login}, "password": {"any"}})
	}
	return at, forms
}

// id is who is signed in, or "".
func (p *person) id() string {
	p.t.Helper()
	found := regexp.MustCompile(`"id":"(user_\w+)"`).FindStringSubmatch(p.visit("GET", p.app+"/v1/identity/me", nil).text)
	if found == nil {
		return ""
	}
	return found[1]
}

// in signs in and returns the user.
func (p *person) in(login string, forms int) string {
	p.t.Helper()
	end, shown := p.signIn(login, true)
	id := p.id()
	if end.at.String() != p.app+"/welcome" || id == "" || shown != forms {
		p.t.Fatalf("%s ends at %s after %d forms as %q: %d %s", login, end.at, shown, id, end.status, end.text)
	}
	return id
}

// TestPeopleSignInAtACertifiedProvider runs a repository as its founder does,
// beside a provider that somebody else wrote.
func TestPeopleSignInAtACertifiedProvider(t *testing.T) {
	env, dir, api, op := environ(t, t.TempDir()), t.TempDir(), address(t), address(t)
	_, port, _ := strings.Cut(api, ":")
	app, issuer := "http://localhost:"+port, "http://"+op // two hosts, as there are
	bin, modules := npm(t)
	script, err := filepath.Abs("testdata/provider.mjs")
	if err != nil {
		t.Fatal(err)
	}
	library := filepath.Join(modules, "oidc-provider", "lib", "index.js")
	start(t, command{dir, env, bin, []string{script, library, issuer, app + "/v1/identity/oidc/callback"}})
	command{dir, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=pre-seed,oidc"}}.run(t)
	dir = filepath.Join(dir, "shop")
	start(t, command{dir, append(env, "HTTP_ADDR="+api, "ADMIN_ADDR="+address(t), "APP_URL="+app,
		"OIDC_ISSUER="+issuer, "OIDC_CLIENT_ID=shop", "OIDC_CLIENT_SECRET=a secret of the shop"), "make", []string{"dev"}})
	until(t, "make dev serves", func() bool { return send(t, "GET", "http://"+api+"/readyz", "").status == 200 })

	ada := newPerson(t, app)
	first := ada.in("ada", 2) // who is she, and does she agree
	if again := ada.in("ada", 0); again != first {
		t.Errorf("the second sign-in is that of %s, and the first of %s", again, first)
	}
	if out := ada.visit("POST", app+"/v1/identity/logout", nil); out.status != 204 || ada.id() != "" {
		t.Errorf("logging out: %d %s", out.status, out.text)
	}
	if again := ada.in("ada", 0); again != first {
		t.Errorf("after logging out she is %s, and was %s", again, first)
	}
	send(t, "GET", issuer+"/rotate", "").want(t, "new keys", 200)
	elsewhere := newPerson(t, app)
	if again := elsewhere.in("ada", 2); again != first {
		t.Errorf("in another browser, with other keys of the provider, she is %s", again)
	}
	if ben := newPerson(t, app).in("ben", 2); ben == first {
		t.Error("ben is ada")
	}
	for login, want := range map[string]struct {
		agrees bool
		refuse string
	}{"cleo": {false, "sign_in_declined"}, "unverified": {true, "email_unverified"}} {
		p := newPerson(t, app)
		end, _ := p.signIn(login, want.agrees)
		if end.at.String() != app+"/login?error="+want.refuse || p.id() != "" {
			t.Errorf("%s ends at %s: %d %s", login, end.at, end.status, end.text)
		}
		// The way back that another browser was given is no way in.
		if stolen := newPerson(t, app).visit("GET", p.back, nil); stolen.at.String() != app+"/login?error=sign_in_stale" {
			t.Errorf("%s: in another browser: %s: %d %s", login, stolen.at, stolen.status, stolen.text)
		}
	}

	// No golden repository has the feature: its own tests, attacks among them, run here.
	command{dir, env, "go", []string{"test", "./internal/vendors/oidc/...", "./internal/domains/identity", "-run=Provider|SignIn|Address|Answer|Attack"}}.run(t)
}
