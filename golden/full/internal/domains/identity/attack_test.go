package identity_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

func TestAttackSessionFixation(t *testing.T) {
	t.Attr("tried", "plant a session cookie in the browser of another, who then signs in")
	t.Attr("stopped", "a new session with each login, and the end of the one before")
	s := start(t, jobs.Schema())
	thief := s.user("eve@example.com", "203.0.113.1")
	s.user(ann, "192.0.2.1")
	// Eve plants her cookie in Ann's browser, who then signs in.
	victim := &browser{site: s, cookie: thief.cookie, ip: "192.0.2.1"}
	victim.want("log in", victim.do("POST", loginTo, form{"email": ann, "password": good}), 204, "")
	if victim.cookie == thief.cookie {
		t.Error("the planted cookie is that of the new session")
	}
	thief.want("the planted cookie", thief.do("GET", meAt, nil), 401, "unauthenticated")
	// A text that no login made is no session either.
	planted := &browser{site: s, cookie: "__Host-session=session_" + strings.Repeat("A", 43), ip: "192.0.2.1"}
	planted.do("POST", loginTo, form{"email": ann, "password": good})
	if strings.Contains(planted.cookie, "AAAA") {
		t.Error("login took over a token that the client chose")
	}
}

func TestAttackReuseAfterLogout(t *testing.T) {
	t.Attr("tried", "use a copy of the cookie after its owner signed out")
	t.Attr("stopped", "sessions end on the server")
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	copied := &browser{site: s, cookie: b.cookie, ip: "203.0.113.1"}
	copied.want("before", copied.do("GET", meAt, nil), 200, "")
	b.want("log out", b.do("POST", "/v1/identity/logout", nil), 204, "")
	copied.want("after", copied.do("GET", meAt, nil), 401, "unauthenticated")
}

func TestAttackTokensFromADumpOfTheDatabase(t *testing.T) {
	t.Attr("tried", "sign in with what a dump of the database and the jobs hold")
	t.Attr("stopped", "the database keeps hashes of sessions, links and passwords")
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	b.do("POST", "/v1/identity/password/forgot", form{"email": ann})
	payload := dbtest.Value[string](t, s.database, `select payload::text from jobs.jobs`)
	s.runJobs()
	link := s.link(ann)
	dump := dbtest.Value[string](t, s.database, `select
		(select string_agg(t::text, ' ') from identity.tokens t) || (select string_agg(u::text, ' ') from identity.users u) ||
		(select string_agg(x::text, ' ') from identity.sessions x)`) + payload
	_, cookie, _ := strings.Cut(b.cookie, "=")
	for what, secret := range map[string]string{"the password": good, "the session": cookie, "the link": link} {
		if secret == "" || strings.Contains(dump, secret) || strings.Contains(dump, hex.EncodeToString([]byte(secret))) {
			t.Errorf("the dump holds %s %q", what, secret)
		}
	}
	if strings.Contains(strings.ToLower(payload), "ann@") {
		t.Errorf("the job holds the address: %s", payload)
	}
	// What is in the dump signs nobody in.
	hash := dbtest.Value[string](t, s.database, `select encode(token_hash, 'hex') from identity.sessions`)
	for _, stolen := range []string{hash, "session_" + hash, "session_" + hash[:43]} {
		thief := &browser{site: s, cookie: "__Host-session=" + stolen, ip: "203.0.113.1"}
		thief.want("the hash as cookie", thief.do("GET", meAt, nil), 401, "unauthenticated")
	}
}

func TestAttackWhoIsAUserIsNotToldByAnswersNorByWork(t *testing.T) {
	t.Attr("tried", "learn who is a user from the answers or from their work")
	t.Attr("stopped", "the same answer, hashes and jobs for known and unknown addresses")
	s := start(t, jobs.Schema())
	s.user(ann, "192.0.2.1")
	for _, path := range []string{loginTo, "/v1/identity/password/forgot", "/v1/identity/signup"} {
		type seen struct {
			status int
			body   string
			hashes int64
			jobs   int
		}
		var got []seen
		for i, email := range []string{ann, "nobody@example.com"} {
			b := s.browser(fmt.Sprintf("192.0.2.%d", 10+i))
			body := form{"email": email}
			if path == loginTo {
				body["password"] = other
			}
			hashes, queued := s.users.HashesMade(), s.count(`select count(*) from jobs.jobs`)
			w := b.do("POST", path, body)
			text := strings.ReplaceAll(w.Body.String(), w.Header().Get("X-Request-Id"), "")
			got = append(got, seen{w.Code, text, s.users.HashesMade() - hashes, s.count(`select count(*) from jobs.jobs`) - queued})
		}
		if got[0] != got[1] {
			t.Errorf("%s: known %+v, unknown %+v", path, got[0], got[1])
		}
		if path == loginTo && got[0].hashes != 1 {
			t.Errorf("a login makes %d hashes", got[0].hashes)
		}
	}
	s.runJobs()
	if sent := s.box.Messages("nobody@example.com"); len(sent) != 1 || !strings.Contains(sent[0].Text, "/verify#") {
		t.Errorf("an address that is new here got %v", sent)
	}
}

func TestAttackAnAccountIsPreparedForTheAddressOfAnother(t *testing.T) {
	t.Attr("tried", "prepare an account for the address of another, who then takes it over")
	t.Attr("stopped", "only the newest mail chooses the password")
	s := start(t, jobs.Schema())
	eve := s.browser("203.0.113.1")
	eve.do("POST", "/v1/identity/signup", form{"email": ann})
	eve.want("without the mail", eve.do("POST", loginTo, form{"email": ann, "password": good}), 401, "credentials_wrong")
	s.runJobs()
	stale := s.link(ann)
	b := s.browser("192.0.2.1")
	b.do("POST", "/v1/identity/signup", form{"email": ann})
	s.runJobs()
	b.want("the mail that Eve caused", b.do("POST", "/v1/identity/verify", form{"token": stale, "name": "x", "password": good}), 422, "link_invalid")
	b.want("her own", b.do("POST", "/v1/identity/verify", form{"token": s.link(ann), "name": "Ann", "password": good}), 204, "")
}

func TestAttackALinkIsUsedTwiceAtOnce(t *testing.T) {
	t.Attr("tried", "use one link eight times at once")
	t.Attr("stopped", "the link is deleted in the transaction that uses it")
	s := start(t, jobs.Schema())
	b := s.browser("192.0.2.1")
	b.do("POST", "/v1/identity/signup", form{"email": ann})
	s.runJobs()
	link := s.link(ann)
	var all sync.WaitGroup
	var answers [8]*httptest.ResponseRecorder
	for i := range answers {
		all.Go(func() {
			answers[i] = s.browser("192.0.2.1").do("POST", "/v1/identity/verify", form{"token": link, "name": "Ann", "password": good})
		})
	}
	all.Wait()
	done := 0
	for _, w := range answers {
		if w.Code == 204 {
			done++
		} else {
			b.want("the others", w, 422, "link_invalid")
		}
	}
	if done != 1 {
		t.Errorf("%d times", done)
	}
}

func TestAttackAnotherSiteMakesTheBrowserLogOut(t *testing.T) {
	t.Attr("tried", "send a request from the page of another site")
	t.Attr("stopped", "Sec-Fetch-Site and Origin are compared, and the cookie is SameSite")
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	for what, header := range map[string][]string{
		"by Sec-Fetch-Site": {"Sec-Fetch-Site", "cross-site"},
		"by Origin":         {"Origin", "https://evil.example"},
		"from a sibling":    {"Sec-Fetch-Site", "same-site"},
	} {
		b.want(what, b.do("POST", "/v1/identity/logout", nil, header...), 403, "cross_origin")
		b.want(what, b.do("PUT", "/v1/identity/password", form{"old": good, "new": other}, header...), 403, "cross_origin")
	}
	b.want("she is still signed in", b.do("GET", meAt, nil), 200, "")
}

func TestAttackAPasswordIsGuessed(t *testing.T) {
	t.Attr("tried", "guess a password from many addresses, and many accounts from one")
	t.Attr("stopped", "throttles by account and by address, the latter from the trusted proxy")
	s := start(t, jobs.Schema())
	s.user(ann, "192.0.2.1")
	throttled := 0
	for i := range 30 { // from thirty addresses, as a botnet does
		w := s.browser(fmt.Sprintf("198.51.100.%d", i)).do("POST", loginTo, form{"email": ann, "password": other})
		if w.Code == 429 {
			throttled++
			if w.Header().Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		}
	}
	if throttled < 15 {
		t.Errorf("%d of 30 tries were throttled", throttled)
	}
	// X-Forwarded-For that the client wrote stands left of what the proxy wrote.
	s.users.TryAccounts(t.Context(), "203.0.113.1", 50)
	eve := s.browser("203.0.113.1")
	w := eve.do("POST", loginTo, form{"email": "x@example.com", "password": other}, "X-Forwarded-For", "10.0.0.1, 203.0.113.1")
	eve.want("one address tries many accounts", w, 429, "rate_limited")
}

func TestAttackTwoHundredLoginsAtOnceStayWithinTheMemoryOfFour(t *testing.T) {
	t.Attr("tried", "fill the memory with 200 logins at once")
	t.Attr("stopped", "four hashes at a time; the others wait, or are told to come again")
	s := startAlone(t, jobs.Schema()) // others would use the memory, too
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	var answers [200]int
	for i := range answers {
		all.Go(func() {
			b := s.browser(fmt.Sprintf("192.0.2.%d", i))
			answers[i] = b.do("POST", loginTo, form{"email": fmt.Sprintf("user%d@example.com", i), "password": good}).Code
		})
	}
	all.Wait()
	runtime.ReadMemStats(&after)
	for i, status := range answers {
		if status != 401 && status != 503 { // a slow machine refuses some, which is what it is for
			t.Errorf("login %d: %d", i, status)
		}
	}
	// Four times 19 MiB; what a collection has not yet found doubles it, and the requests have their part.
	const bound = 3*4*19<<20 + 64<<20
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > bound {
		t.Errorf("the heap grew by %d MiB, want at most %d", grown>>20, bound>>20)
	}
}

func TestAttackANameOfMoreThanOneLine(t *testing.T) {
	t.Attr("tried", "choose a name by which others are shown lines that the application did not write")
	t.Attr("stopped", "no character that ends a line, in whatever script, stands in a name; the joiners of scripts and of emoji do")
	s := start(t, jobs.Schema())
	b := s.browser("192.0.2.1")
	link := s.linkOf("/signup", ann)
	verify := func(name string) *httptest.ResponseRecorder {
		return b.do("POST", "/v1/identity/verify", form{"token": link, "name": name, "password": good})
	}
	for _, name := range []string{"a\nb", "a\u0085b", "a\u2028b", "a\u2029b"} {
		b.want(fmt.Sprintf("%q", name), verify(name), 422, "name_invalid")
	}
	b.want("with joiners", verify("👩\u200d🚀 می\u200cخواهم"), 204, "")
}

func TestAttackASessionIsUsedWhileItsUserIsErased(t *testing.T) {
	t.Attr("tried", "be told of a fault by a request that was let in before its user was erased")
	t.Attr("stopped", "who is gone is nobody")
	s := start(t, jobs.Schema())
	who := authz.Principal{Kind: authz.User, ID: id.New()}
	if _, err := s.users.Me(authz.With(t.Context(), who)); !errors.Is(err, authz.ErrAnonymous) {
		t.Errorf("got %v, want %v", err, authz.ErrAnonymous)
	}
}
