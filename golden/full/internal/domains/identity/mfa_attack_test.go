package identity_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/domains/identity/internal/totp"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/ratelimit"
	"example.com/myapp/internal/platform/token"
)

// sessionsOf makes further sessions of a user.
func (s *site) sessionsOf(email string, n int) (browsers []*browser) {
	s.t.Helper()
	for i := range n {
		text, hash := token.Kind("session").New()
		err := s.database.InTx(s.t.Context(), dbtest.Exec(`
			insert into identity.sessions (id, user_id, token_hash, user_agent, expires_at)
			select $1, id, $2, '', now() + interval '1 hour' from identity.users where email = $3`, id.New(), hash, email))
		if err != nil {
			s.t.Fatal(err)
		}
		b := s.browser(fmt.Sprintf("192.0.2.%d", 100+i))
		b.cookie = "__Host-session=" + text.Reveal()
		browsers = append(browsers, b)
	}
	return browsers
}

// atOnce sends a code from every browser at the same time and returns how many were let in.
func atOnce(browsers []*browser, path, code string) int {
	var all sync.WaitGroup
	status := make([]int, len(browsers))
	for i, b := range browsers {
		all.Go(func() { status[i] = b.do("POST", path, form{"code": code}).Code })
	}
	all.Wait()
	in := 0
	for _, s := range status {
		if s == 204 {
			in++
		}
	}
	return in
}

func TestAttackACodeIsUsedAgain(t *testing.T) {
	t.Attr("tried", "present a code of the app twice, and from eight browsers at once")
	t.Attr("stopped", "the last step is compared and stored in one statement")
	s, b, p := startWithPhone(t)
	b.confirm(p)
	seen := p.code()
	eve := s.half(ann, "203.0.113.1")
	eve.want("the code that confirmed the app", eve.do("POST", codeAt, form{"code": seen}), 422, "code_wrong")
	code := p.next()
	eve.want("the next one", eve.do("POST", codeAt, form{"code": code}), 204, "")
	again := s.half(ann, "203.0.113.2")
	again.want("the same again", again.do("POST", codeAt, form{"code": code}), 422, "code_wrong")
	again.want("one of before it", again.do("POST", codeAt, form{"code": seen}), 422, "code_wrong")

	s.users.Limits = ratelimit.New(ratelimit.Options{}) // which has counted nothing
	if in := atOnce(s.sessionsOf(ann, 8), proveAt, p.next()); in != 1 {
		t.Errorf("one code let %d in", in)
	}
}

func TestAttackARecoveryCodeIsUsedAgain(t *testing.T) {
	t.Attr("tried", "present a recovery code twice, and from eight browsers at once")
	t.Attr("stopped", "the code is deleted by the statement that finds it")
	s, b, p := startWithPhone(t)
	b.confirm(p)
	b.want("once", b.do("POST", proveAt, form{"code": p.recovery[0]}), 204, "")
	b.want("twice", b.do("POST", proveAt, form{"code": p.recovery[0]}), 422, "code_wrong")
	s.users.Limits = ratelimit.New(ratelimit.Options{}) // which has counted nothing
	if in := atOnce(s.sessionsOf(ann, 8), proveAt, p.recovery[1]); in != 1 {
		t.Errorf("one code let %d in", in)
	}
}

func TestAttackACodeIsGuessed(t *testing.T) {
	t.Attr("tried", "guess the code of somebody whose password is known")
	t.Attr("stopped", "five guesses for each time the password is given, and a throttle by account")
	s, b, p := startWithPhone(t)
	b.confirm(p)
	eve := s.half(ann, "203.0.113.1")
	for i := range 5 {
		eve.want("a guess", eve.do("POST", codeAt, form{"code": fmt.Sprintf("00000%d", i)}), 422, "code_wrong")
	}
	right := p.next()
	eve.want("the right code, too late", eve.do("POST", codeAt, form{"code": right}), 401, "password_required")
	again := s.half(ann, "203.0.113.2")
	for range 4 { // the first code of all confirmed the app
		again.do("POST", codeAt, form{"code": "000000"})
	}
	w := again.do("POST", codeAt, form{"code": right})
	again.want("the eleventh code of the account", w, 429, "rate_limited")
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestAttackHalfASessionIsUsedForMore(t *testing.T) {
	t.Attr("tried", "use every route with the cookie that the password alone gave")
	t.Attr("stopped", "half a session is a token of another kind, which authentication does not know")
	s, b, p := startWithPhone(t)
	b.confirm(p)
	eve := s.half(ann, "203.0.113.1")
	for _, op := range s.api.Operations() {
		if op.Access != httpx.Public {
			eve.want(op.OperationID, eve.do(op.Method, op.Path, form{}), 401, "unauthenticated")
		}
	}
	// The same text as if it were a whole one.
	eve.cookie = strings.Replace(eve.cookie, "half_", "session_", 1)
	eve.want("under another name", eve.do("GET", meAt, nil), 401, "unauthenticated")
	eve.cookie = b.cookie
	eve.want("a whole session as half of one", eve.do("POST", codeAt, form{"code": p.next()}), 401, "password_required")
}

func TestAttackASessionThatWasKnownBeforeThePasswordWasGiven(t *testing.T) {
	t.Attr("tried", "go on with the session that a browser had before its user logged in again")
	t.Attr("stopped", "it ends when the password is accepted, and not only once the code is")
	s, b, p := startWithPhone(t)
	b.confirm(p)
	thief := &browser{site: s, cookie: b.cookie, ip: "203.0.113.1"}
	b.want("the password", b.do("POST", loginTo, form{"email": ann, "password": good}), 202, "")
	thief.want("the session of before", thief.do("GET", meAt, nil), 401, "unauthenticated")
}

func TestAttackTheSecondFactorFromADumpOfTheDatabase(t *testing.T) {
	t.Attr("tried", "make codes from a dump of the database, and copy a secret of one's own to the row of another")
	t.Attr("stopped", "secrets are sealed for their row, and of recovery codes only hashes are stored")
	s, b, p := startWithPhone(t)
	b.confirm(p)
	dump := dbtest.Value[string](t, s.database, `
		select (select string_agg(f::text, ' ') from identity.factors f) || (select string_agg(r::text, ' ') from identity.recovery_codes r)`)
	for _, value := range append(p.recovery, hex.EncodeToString(p.secret), totp.Text(p.secret)) {
		plain := strings.ReplaceAll(value, "-", "")
		if strings.Contains(dump, plain) || strings.Contains(dump, hex.EncodeToString([]byte(plain))) {
			t.Errorf("%s stands in the dump", value)
		}
	}

	eve := s.user("eve@example.com", "203.0.113.1")
	var own identity.Enrolment
	eve.decode(eve.do("POST", factorAt, nil), &own)
	stolen := &phone{secret: secretOf(t, own), now: p.now}
	eve.do("POST", confirmAt, form{"code": stolen.code()})
	err := s.database.InTx(t.Context(), dbtest.Exec(`
		update identity.factors set secret = (select f.secret from identity.factors f join identity.users u on u.id = f.user_id where u.email = $1)
		where user_id = (select id from identity.users where email = $2)`, "eve@example.com", ann))
	if err != nil {
		t.Fatal(err)
	}
	victim := s.half(ann, "203.0.113.2")
	victim.want("a code of one's own", victim.do("POST", codeAt, form{"code": stolen.next()}), 500, "internal_server_error")
	victim.want("not signed in", victim.do("GET", meAt, nil), 401, "unauthenticated")
}

func TestAttackALoginWaitsForAMailThatAnotherHasAskedFor(t *testing.T) {
	t.Attr("tried", "ask for mails to somebody, whose logins wait as long as the mail server takes")
	t.Attr("stopped", "who signs in holds the user no more than who mails does")
	s, b, p := startWithPhone(t)
	b.confirm(p)
	half := s.half(ann, "192.0.2.2")
	err := s.database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from identity.users for key share`); err != nil {
			return err
		}
		half.want("while a mail is sent", half.do("POST", codeAt, form{"code": p.next()}), 204, "")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
