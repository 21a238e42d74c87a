package identity_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// entries are those of the audit log in no tenant that follow the first ones: the action, the subject and what else is known.
func (s *site) entries(after int) []string {
	s.t.Helper()
	const query = `
		select coalesce(array_agg(concat_ws(' ', action, subject, nullif(details::text, 'null')) order by seq), '{}')
		from audit.entries where seq > $1 and tenant_id = '00000000-0000-0000-0000-000000000000'`
	return dbtest.Value[[]string](s.t, db.AcrossTenants(s.database, "look at the audit log"), query, after)
}

func (s *site) userOf(email string) string {
	s.t.Helper()
	return dbtest.Value[identity.UserID](s.t, s.database, `select id from identity.users where lower(email) = lower($1)`, email).String()
}

// linkOf asks for a mail and returns the link in it.
func (s *site) linkOf(path, email string) string {
	s.t.Helper()
	b := s.browser("192.0.2.9")
	b.want(path, b.do("POST", "/v1/identity"+path, form{"email": email}), 202, "")
	s.runJobs()
	return s.link(email)
}

func TestEveryOperationLeavesTheEntryThatItDeclaresAndNoOther(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	s.browser("192.0.2.2").do("POST", loginTo, form{"email": ann, "password": good})
	var list struct{ Items []identity.Session }
	if err := json.Unmarshal(b.do("GET", sessions, nil).Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	session := list.Items[0].ID.String()
	s.user("ben@example.com", "192.0.2.3")
	reset, verify := s.linkOf("/password/forgot", "ben@example.com"), s.linkOf("/signup", "cleo@example.com")

	declared := map[string]httpx.Operation{}
	for _, op := range s.api.Operations() {
		if op.Audit != "" {
			declared[op.OperationID] = op
		}
	}
	for _, test := range []struct {
		operation string
		body      any
		subject   string
	}{
		{"sign-up", form{"email": "dora@example.com"}, ""},
		{"forgot-password", form{"email": ann}, ""},
		{"verify", form{"token": verify, "name": "Cleo", "password": good}, s.userOf("cleo@example.com")},
		{"reset-password", form{"token": reset, "password": other}, s.userOf("ben@example.com")},
		{"log-in", form{"email": ann, "password": good}, s.userOf(ann)},
		{"revoke-session", nil, session},
		{"revoke-other-sessions", nil, s.userOf(ann)},
		{"change-password", form{"old": good, "new": other}, s.userOf(ann)},
		{"log-out", nil, s.userOf(ann)},
	} {
		op := declared[test.operation]
		delete(declared, test.operation)
		before := len(s.entries(0))
		w := b.do(op.Method, strings.Replace(op.Path, "{id}", session, 1), test.body)
		b.want(test.operation, w, op.DefaultStatus, "")
		want := []string{op.Audit + " " + test.subject}
		if !op.Audited() {
			want = []string{}
		}
		if diff := cmp.Diff(want, s.entries(before)); diff != "" {
			t.Errorf("entries of %s (-want +got):\n%s", test.operation, diff)
		}
	}
	delete(declared, "finish-sign-in") // see oidc_test.go

	for _, operation := range []string{ // which need a second factor, and are called in a test of their own
		"log-in-by-code", "enrol-factor", "confirm-factor", "renew-recovery-codes", "prove", "remove-factor",
	} {
		delete(declared, operation)
	}
	for operation := range declared {
		t.Errorf("%s is not called here", operation)
	}
	if wrong, err := audit.Verify(t.Context(), s.database, id.UUID{}, nil); wrong != "" || err != nil {
		t.Errorf("the chain is broken: %s, error %v", wrong, err)
	}
}

func TestWhatIsRefusedLeavesNoEntry(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.user(ann, "192.0.2.1")
	before := len(s.entries(0))
	b.want("log in", b.do("POST", loginTo, form{"email": ann, "password": other}), 401, "credentials_wrong")
	b.want("verify", b.do("POST", "/v1/identity/verify", form{"token": "verify_x", "name": "Ann", "password": good}), 422, "link_invalid")
	b.want("change", b.do("PUT", "/v1/identity/password", form{"old": other, "new": other}), 401, "credentials_wrong")
	if diff := cmp.Diff([]string{}, s.entries(before)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}
