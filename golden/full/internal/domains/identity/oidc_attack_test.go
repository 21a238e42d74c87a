package identity_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.com/myapp/internal/vendors/oidc"
	"example.com/myapp/internal/vendors/oidc/oidctest"
)

func TestAttackAnAddressThatTheProviderDidNotVerify(t *testing.T) {
	t.Attr("tried", "take over an account, or prepare one, by an address that anybody can type in at the provider")
	t.Attr("stopped", "an address counts if the provider has verified it")
	v := visit(t)
	v.user("ben@example.com", "192.0.2.2")
	v.provider.Person.Verified = false
	v.refused("a new address", v.signIn(), 403, "email_unverified")
	v.provider.Person.Email = "ben@example.com"
	v.refused("the address of a user", v.signIn(), 403, "email_unverified")
	v.provider.Person.Verified, v.provider.Person.Email = true, ""
	v.refused("no address", v.signIn(), 403, "email_unverified")
	v.hold(1, 0)
}

func TestAttackAnAccountThatNobodyHasVerifiedHere(t *testing.T) {
	t.Attr("tried", "have somebody be joined with an account that a stranger prepared with their address")
	t.Attr("stopped", "an account is joined if its address was verified here, too")
	v := visit(t)
	b := v.browser("203.0.113.1")
	b.want("sign up", b.do("POST", "/v1/identity/signup", form{"email": ann}), 202, "")
	v.refused("before the mail was read", v.signIn(), 409, "email_taken")
	v.runJobs()
	b.want("verify", b.do("POST", "/v1/identity/verify", form{"token": v.link(ann), "name": "Ann", "password": good}), 204, "")
	if w := v.signIn(); w.Code != http.StatusSeeOther {
		t.Errorf("after it: %d %s", w.Code, w.Body)
	}
}

func TestAttackAnAddressThatWasGivenToSomebodyElse(t *testing.T) {
	t.Attr("tried", "take over the account of a colleague who left, with whose address one is now at the provider")
	t.Attr("stopped", "an account is joined with one subject of a provider, and with no second one")
	v := visit(t)
	v.signIn()
	v.provider.Person.Subject = "successor"
	v.cookies = map[string]string{}
	v.refused("another subject with the address", v.signIn(), 409, "email_taken")
}

func TestAttackTheWayBackLeadsToAnotherSite(t *testing.T) {
	t.Attr("tried", "have a link of this site end at another one (open redirect)")
	t.Attr("stopped", "the way back is a path, and stands behind the address of this site")
	v := visit(t)
	for _, to := range []string{
		"https://evil.example", "//evil.example", `/\evil.example`, `\/evil.example`, "/\t/evil.example", "/\n/evil.example",
		"javascript:alert(1)", "evil.example", "", "@evil.example", "/\x00", "/" + strings.Repeat("a", 500), "/\xff",
	} {
		w := v.get(beginAt + "?return_to=" + url.QueryEscape(to))
		if to == "" { // which is not there
			continue
		}
		v.refused(to, w, 422, "return_to_invalid")
	}
	for _, to := range []string{"/", "/a/b?c=d&e=https://evil.example#f", "/%2f%2fevil.example", "/..//evil.example", "/@evil.example"} {
		answer := v.provider.SignIn(t, v.get(beginAt+"?return_to="+url.QueryEscape(to)).Header().Get("Location"))
		w := v.get(finishAt + "?" + url.Values{"code": {answer.Code}, "state": {answer.State}, "iss": {answer.Issuer}}.Encode())
		if got := w.Header().Get("Location"); got != "https://example.com"+to {
			t.Errorf("%q ends at %q", to, got)
		}
	}
}

func TestAttackTheAnswerForAnotherBrowser(t *testing.T) {
	t.Attr("tried", "send a victim the end of one's own sign-in, so that they work in the account of the attacker (login CSRF)")
	t.Attr("stopped", "the browser must bring the cookie that it was sent away with")
	v := visit(t)
	back := v.begin()
	victim := v.other()
	victim.refused("a browser that began nothing", victim.get(back), 400, "sign_in_stale")
	victim.begin()
	victim.refused("a browser that began something else", victim.get(back), 400, "sign_in_stale")
	if w := v.get(back); w.Code != http.StatusSeeOther {
		t.Errorf("its own browser: %d %s", w.Code, w.Body)
	}
}

func TestAttackAnAnswerIsTakenTwice(t *testing.T) {
	t.Attr("tried", "bring an answer of the provider again, with a copy of the cookie and a provider that goes along")
	t.Attr("stopped", "an answer is taken once, in the transaction that signs in")
	v := visit(t)
	v.provider.Forgetful = true
	back := v.begin()
	thief := v.other()
	thief.cookies["__Host-oidc"] = v.cookies["__Host-oidc"]
	if w := v.get(back); w.Code != http.StatusSeeOther {
		t.Fatalf("the first time: %d %s", w.Code, w.Body)
	}
	thief.refused("the second time", thief.get(back), 400, "sign_in_stale")
}

func TestAttackASessionThatWasPlantedBeforeTheSignIn(t *testing.T) {
	t.Attr("tried", "plant a session cookie in the browser of another, who then signs in through the provider")
	t.Attr("stopped", "a new session with each sign-in, and the end of the one before")
	v := visit(t)
	thief := v.user("eve@example.com", "203.0.113.1")
	v.cookies["__Host-session"] = strings.TrimPrefix(thief.cookie, "__Host-session=")
	v.signIn()
	if user := v.me(); user.Email != "ann@example.com" {
		t.Errorf("signed in as %+v", user)
	}
	thief.want("the planted session", thief.do("GET", meAt, nil), 401, "unauthenticated")
}

func TestAttackAForgedTokenSignsNobodyIn(t *testing.T) {
	t.Attr("tried", "sign in with an ID token that nobody signed, by all the way that a browser goes")
	t.Attr("stopped", "what is not verified makes neither a session nor a user")
	v := visit(t)
	v.provider.BendToken = func(t *oidctest.Token) {
		t.Header["alg"], t.Sign = "none", func([]byte) []byte { return nil }
	}
	w := v.signIn()
	v.refused("alg=none", w, 403, "sign_in_refused")
	if strings.Contains(w.Body.String(), "jwt") || !strings.Contains(w.Body.String(), oidc.ErrRefused.Error()) {
		t.Errorf("it is told %s", w.Body)
	}
	v.hold(0, 0)
}

func TestAttackAFloodOfAnswers(t *testing.T) {
	t.Attr("tried", "make the application show the provider one code after the other")
	t.Attr("stopped", "answers count as logins by address")
	v := visit(t)
	back := v.begin()
	refused := 0
	for range 70 {
		if w := v.get(strings.Replace(back, "code=", "code=x", 1)); w.Code == http.StatusTooManyRequests {
			refused++
		}
	}
	if asked := v.provider.Asked("/token"); refused < 10 || asked+refused != 70 {
		t.Errorf("%d refused, %d codes shown", refused, asked)
	}
}

func TestAttackTheSecondFactorIsLeftOutByWayOfTheProvider(t *testing.T) {
	t.Attr("tried", "sign in through the provider to an account that asks for a code")
	t.Attr("stopped", "the code is asked for whichever way somebody signs in")
	s, b, p := startWithPhone(t)
	b.confirm(p)
	v := &visitor{site: s, provider: oidctest.New(t), cookies: map[string]string{}}
	s.users.Provider = v.provider.Open(t)
	if to := v.signIn().Header().Get("Location"); to != "https://example.com/login/code" {
		t.Errorf("the browser goes to %q", to)
	}
	half := &browser{site: s, cookie: "__Host-session=" + v.cookies["__Host-session"], ip: "192.0.2.9"}
	half.want("half a session", half.do("GET", meAt, nil), 401, "unauthenticated")
	half.want("a code", half.do("POST", codeAt, form{"code": p.next()}), 204, "")
	half.want("a whole session", half.do("GET", meAt, nil), 200, "")
}
