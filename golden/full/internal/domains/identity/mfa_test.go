package identity_test

import (
	"encoding/base32"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/domains/identity/internal/totp"
	"example.com/myapp/internal/platform/crypto"
	"example.com/myapp/internal/platform/crypto/cryptotest"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/jobs"
)

const (
	factorAt  = "/v1/identity/factor"
	confirmAt = factorAt + "/confirm"
	proveAt   = factorAt + "/proof"
	codeAt    = loginTo + "/code"
)

// phone is an authenticator app, whose clock is that of the site.
type phone struct {
	secret   []byte
	now      time.Time
	recovery []string
}

func (p *phone) code() string { return totp.Code(p.secret, p.now) }

// next is the code of the next step: that of this one may have been used.
func (p *phone) next() string {
	p.now = p.now.Add(totp.Step)
	return p.code()
}

// startWithPhone is a site with a user who has enrolled a phone, and not confirmed it yet.
func startWithPhone(t *testing.T) (*site, *browser, *phone) {
	t.Helper()
	s := start(t, jobs.Schema(), crypto.Schema())
	p := &phone{now: time.Unix(2_000_000_000, 0)}
	s.users.Keys, s.users.Issuer = cryptotest.New(t, s.database), "myapp"
	s.users.Now = func() time.Time { return p.now }
	b := s.user(ann, "192.0.2.1")
	var enrolment identity.Enrolment
	b.decode(b.do("POST", factorAt, nil), &enrolment)
	p.secret = secretOf(t, enrolment)
	return s, b, p
}

func secretOf(t *testing.T, e identity.Enrolment) []byte {
	t.Helper()
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret)
	if err != nil || !strings.Contains(e.URI, "secret="+e.Secret) {
		t.Fatalf("%+v: %v", e, err)
	}
	return secret
}

func (b *browser) decode(w *httptest.ResponseRecorder, into any) {
	b.t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil || w.Code != 200 {
		b.t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
}

// confirm turns the second factor on.
func (b *browser) confirm(p *phone) {
	b.t.Helper()
	var shown struct {
		RecoveryCodes []string `json:"recovery_codes"`
	}
	b.decode(b.do("POST", confirmAt, form{"code": p.next()}), &shown)
	p.recovery = shown.RecoveryCodes
}

// half gives the password, after which a code is asked for.
func (s *site) half(email, ip string) *browser {
	s.t.Helper()
	b := s.browser(ip)
	b.want("the password alone", b.do("POST", loginTo, form{"email": email, "password": good}), 202, "")
	return b
}

// later makes every proof an hour old.
func (s *site) later() {
	s.t.Helper()
	if err := s.database.InTx(s.t.Context(), dbtest.Exec(`update identity.sessions set proved_at = now() - interval '1 hour'`)); err != nil {
		s.t.Fatal(err)
	}
}

func TestACodeIsAskedForOnceTheAppIsConfirmed(t *testing.T) {
	s, b, p := startWithPhone(t)
	second := s.browser("192.0.2.2")
	second.want("before it is confirmed", second.do("POST", loginTo, form{"email": ann, "password": good}), 204, "")
	b.want("a wrong first code", b.do("POST", confirmAt, form{"code": "000000"}), 422, "code_wrong")
	before := &browser{site: s, cookie: b.cookie, ip: "192.0.2.1"}
	b.confirm(p)
	b.want("this session", b.do("GET", meAt, nil), 200, "")
	before.want("its token of before", before.do("GET", meAt, nil), 401, "unauthenticated")
	second.want("a session that began without a code", second.do("GET", meAt, nil), 401, "unauthenticated")

	third := s.half(ann, "192.0.2.3")
	half := &browser{site: s, cookie: third.cookie, ip: "192.0.2.3"}
	third.want("half a session", third.do("GET", meAt, nil), 401, "unauthenticated")
	third.want("a code", third.do("POST", codeAt, form{"code": p.next()}), 204, "")
	third.want("a whole session", third.do("GET", meAt, nil), 200, "")
	half.want("the half of before", half.do("POST", codeAt, form{"code": p.next()}), 401, "password_required")

	var got identity.Factor
	b.decode(b.do("GET", factorAt, nil), &got)
	if got.ConfirmedAt == nil || got.RecoveryCodes != 10 {
		t.Errorf("%+v", got)
	}
	b.want("another app", b.do("POST", factorAt, nil), 409, "factor_exists")
}

func TestARecoveryCodeTakesThePlaceOfTheApp(t *testing.T) {
	s, b, p := startWithPhone(t)
	b.confirm(p)
	lost := s.half(ann, "192.0.2.2")
	lost.want("a recovery code, typed by hand", lost.do("POST", codeAt, form{"code": " " + strings.ToUpper(p.recovery[3])}), 204, "")
	lost.want("signed in", lost.do("GET", meAt, nil), 200, "")
	var shown struct {
		RecoveryCodes []string `json:"recovery_codes"`
	}
	lost.decode(lost.do("POST", factorAt+"/recovery-codes", nil), &shown)
	if len(shown.RecoveryCodes) != 10 {
		t.Errorf("%d codes", len(shown.RecoveryCodes))
	}
	again := s.half(ann, "192.0.2.3")
	again.want("one of the old codes", again.do("POST", codeAt, form{"code": p.recovery[4]}), 422, "code_wrong")
	again.want("one of the new codes", again.do("POST", codeAt, form{"code": shown.RecoveryCodes[0]}), 204, "")
}

func TestTheSecondFactorIsTakenAwayByWhoHasJustProvedToHaveIt(t *testing.T) {
	s, b, p := startWithPhone(t)
	b.confirm(p)
	s.later()
	b.want("long after the last proof", b.do("DELETE", factorAt, nil), 403, "proof_required")
	b.want("new recovery codes", b.do("POST", factorAt+"/recovery-codes", nil), 403, "proof_required")
	b.want("a wrong code", b.do("POST", proveAt, form{"code": "000000"}), 422, "code_wrong")
	b.want("still", b.do("DELETE", factorAt, nil), 403, "proof_required")
	before := &browser{site: s, cookie: b.cookie, ip: "192.0.2.1"}
	b.want("prove", b.do("POST", proveAt, form{"code": p.next()}), 204, "")
	before.want("the token of before", before.do("GET", meAt, nil), 401, "unauthenticated")
	b.want("now", b.do("DELETE", factorAt, nil), 204, "")
	b.want("twice", b.do("DELETE", factorAt, nil), 409, "factor_missing")
	plain := s.browser("192.0.2.2")
	plain.want("the password is enough", plain.do("POST", loginTo, form{"email": ann, "password": good}), 204, "")
	if left := s.count(`select count(*) from identity.recovery_codes`); left != 0 {
		t.Errorf("%d recovery codes are left", left)
	}
}

func TestAnAppIsEnrolledByWhoHasJustLoggedIn(t *testing.T) {
	s, b, _ := startWithPhone(t)
	s.later()
	b.want("a session that lay open", b.do("POST", factorAt, nil), 403, "proof_required")
}

func TestWhatIsDoneWithTheSecondFactorLeavesItsEntry(t *testing.T) {
	s, b, p := startWithPhone(t)
	declared := map[string]httpx.Operation{}
	for _, op := range s.api.Operations() {
		declared[op.OperationID] = op
	}
	who := s.userOf(ann)
	var half *browser
	for _, test := range []struct {
		operation string
		body      func() any
		by        string
	}{
		{"enrol-factor", func() any { return nil }, ""},
		{"confirm-factor", func() any { return form{"code": p.next()} }, ""},
		{"renew-recovery-codes", func() any { return nil }, ""},
		{"prove", func() any { return form{"code": p.next()} }, ` {"by":"app"}`},
		{"log-in-by-code", func() any { return form{"code": p.next()} }, ` {"by":"app"}`},
		{"remove-factor", func() any { return nil }, ""},
	} {
		op, browser := declared[test.operation], b
		if test.operation == "log-in-by-code" {
			half = s.half(ann, "192.0.2.2")
			browser = half
		}
		before := len(s.entries(0))
		var enrolment identity.Enrolment
		w := browser.do(op.Method, op.Path, test.body())
		if test.operation == "enrol-factor" {
			browser.decode(w, &enrolment)
			p.secret = secretOf(t, enrolment)
		}
		browser.want(test.operation, w, op.DefaultStatus, "")
		if diff := cmp.Diff([]string{op.Audit + " " + who + test.by}, s.entries(before)); diff != "" {
			t.Errorf("entries of %s (-want +got):\n%s", test.operation, diff)
		}
	}
}
