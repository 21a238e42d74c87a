package identity_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/vendors/oidc/oidctest"
)

func TestAttackAnAddressThatTheProviderDidNotVerify(t *testing.T) {
	t.Attr("tried", "take over an account, or prepare one, by an address that anybody can type in at the provider")
	t.Attr("stopped", "an address counts if the provider has verified it")
	v := visit(t)
	v.user("ben@example.com", "192.0.2.2")
	v.provider.Person.Verified = false
	v.sentBack("a new address", v.signIn(), "email_unverified")
	v.provider.Person.Email = "ben@example.com"
	v.sentBack("the address of a user", v.signIn(), "email_unverified")
	v.provider.Person.Verified, v.provider.Person.Email = true, ""
	v.sentBack("no address", v.signIn(), "email_unverified")
	v.hold(1, 0)
}

func TestAttackAnAccountThatNobodyHasVerifiedHere(t *testing.T) {
	t.Attr("tried", "sign up with the address of another, to share their account with them or to keep them out")
	t.Attr("stopped", "before an address is verified there is nothing to prepare, and who verifies it through the provider has all of it")
	v := visit(t)
	stranger := v.browser("203.0.113.1")
	stranger.want("sign up", stranger.do("POST", "/v1/identity/signup", form{"email": ann}), 202, "")
	stranger.want("log in", stranger.do("POST", loginTo, form{"email": ann, "password": good}), 401, "credentials_wrong")
	v.signIn()
	if user := v.me(); user.Email != ann || user.Name != "Ann" || user.VerifiedAt == nil {
		t.Errorf("signed in as %+v", user)
	}
	entries := []string{"identity.signed_in_by_provider " + v.userOf(ann) + ` {"account":"new"}`}
	if diff := cmp.Diff(entries, v.entries(0)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	v.hold(1, 1)
}

func TestAttackAnAddressThatWasGivenToSomebodyElse(t *testing.T) {
	t.Attr("tried", "take over the account of a colleague who left, with whose address one is now at the provider")
	t.Attr("stopped", "an account is joined with one subject of a provider, and with no second one")
	v := visit(t)
	v.signIn()
	v.provider.Person.Subject = "successor"
	v.cookies = map[string]string{}
	v.sentBack("another subject with the address", v.signIn(), "email_taken")
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
	victim.sentBack("a browser that began nothing", victim.get(back), "sign_in_stale")
	victim.begin()
	victim.sentBack("a browser that began something else", victim.get(back), "sign_in_stale")
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
	thief.sentBack("the second time", thief.get(back), "sign_in_stale")
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
	v.sentBack("alg=none", v.signIn(), "sign_in_refused")
	v.hold(0, 0)
}

func TestAttackAFloodOfAnswers(t *testing.T) {
	t.Attr("tried", "make the application show the provider one code after the other")
	t.Attr("stopped", "answers count as logins by address")
	v := visit(t)
	back := v.begin()
	refused := 0
	for range 70 {
		if w := v.get(strings.Replace(back, "code=", "code=x", 1)); strings.HasSuffix(w.Header().Get("Location"), "=rate_limited") {
			refused++
		}
	}
	if asked := v.provider.Asked("/token"); refused < 10 || asked+refused != 70 {
		t.Errorf("%d refused, %d codes shown", refused, asked)
	}
}

func TestAttackABrowserThatTheProviderKnowsIsNoProof(t *testing.T) {
	t.Attr("tried", "renew the proof of a browser that was left open by a sign-in for which the provider asks nothing")
	t.Attr("stopped", "what counts is when the person has shown the provider who it is, if the provider says so")
	v := visit(t)
	proof := func(what string, want int) {
		t.Helper()
		if got := v.count(`select count(*) from identity.sessions where proved_at > now() - interval '10 minutes'`); got != want {
			t.Errorf("%s: %d sessions with a proof, want %d", what, got, want)
		}
	}
	age := int64(3600)
	v.provider.BendToken = func(t *oidctest.Token) { t.Claims["auth_time"] = t.Claims["iat"].(int64) - age }
	v.signIn()
	proof("known for an hour", 0)
	age = -60
	v.signIn()
	proof("just now, by a clock that is fast", 1)
	if n := v.count(`select count(*) from identity.sessions where proved_at > now()`); n != 0 {
		t.Error("it proves what is to come")
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

func TestAttackASignInThatIsUnderWayWhileTheSecondFactorIsTurnedOn(t *testing.T) {
	t.Attr("tried", "be just signing in through the provider, without a code, while the second factor is turned on")
	t.Attr("stopped", "who signs in holds the user, so that one of the two waits for the other and sees what it did")
	s, b, _ := startWithPhone(t)
	v := &visitor{site: s, provider: oidctest.New(t), cookies: map[string]string{}}
	s.users.Provider = v.provider.Open(t)
	v.signIn()
	again := v.other()
	const confirms = `
		with held as (select id from identity.users where email = $1 for update)
		update identity.factors set confirmed_at = now() where user_id in (select id from held)`
	s.meanwhile(confirms, `delete from identity.sessions where user_id in (select id from identity.users where email = $1)`, ann, func() {
		if to := again.signIn().Header().Get("Location"); to != "https://example.com/login/code" {
			t.Errorf("the browser goes to %q", to)
		}
	})
	s.sessionsAre(0)
	b.want("the session of before", b.do("GET", meAt, nil), 401, "unauthenticated")
}
