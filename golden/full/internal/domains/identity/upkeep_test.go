package identity_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// Postgres refuses the character, which JSON can hold.
func TestAnAddressThatPostgresCannotStoreIsNobodys(t *testing.T) {
	s := start(t, jobs.Schema())
	b := s.browser("192.0.2.1")
	b.want("log in", b.do("POST", loginTo, form{"email": "a\x00@example.com", "password": good}), 401, "credentials_wrong")
	b.want("sign up", b.do("POST", "/v1/identity/signup", form{"email": "a\x00@example.com"}), 422, "email_invalid")
	b.want("forgot", b.do("POST", "/v1/identity/password/forgot", form{"email": "a\x00@example.com"}), 422, "email_invalid")
}

func (s *site) exec(statement string, args ...any) {
	s.t.Helper()
	if err := s.database.InTx(s.t.Context(), dbtest.Exec(statement, args...)); err != nil {
		s.t.Fatalf("%s: %v", statement, err)
	}
}

func TestWhatIsOverIsDeletedEachHour(t *testing.T) {
	s := start(t, jobs.Schema())
	s.user(ann, "192.0.2.1")
	s.linkOf("/signup", "young@example.com")
	for _, email := range []string{"old@example.com", "asked.again@example.com"} {
		s.linkOf("/signup", email)
		s.exec(`update identity.users set created_at = now() - interval '8 days' where email = $1`, email)
	}
	s.exec(`update identity.tokens set expires_at = now() - interval '1 second' from identity.users u where u.id = user_id and email = 'old@example.com'`)
	s.exec(`insert into identity.sessions (id, user_id, token_hash, user_agent, expires_at)
		select gen_random_uuid(), id, '', '', now() - interval '1 second' from identity.users where email = $1`, ann)
	s.exec(`insert into identity.tokens (hash, user_id, purpose, expires_at)
		select 'x', id, 'reset', now() - interval '1 second' from identity.users where email = $1`, ann)

	if err := s.database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error { return jobs.Enqueue(ctx, tx, identity.Upkeep()) }); err != nil {
		t.Fatal(err)
	}
	s.runJobs()
	got := dbtest.Value[[]string](t, s.database, `select array_agg(concat_ws(' ', email,
		(select count(*) from identity.sessions where user_id = u.id), (select count(*) from identity.tokens where user_id = u.id)) order by email)
		from identity.users u`)
	want := []string{"Ann@example.com 1 0", "asked.again@example.com 0 1", "young@example.com 0 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("users with their sessions and links (-want +got):\n%s", diff)
	}
}

func TestWhoMakesAnOperatorLeavesAnEntry(t *testing.T) {
	s := start(t, jobs.Schema())
	s.user(ann, "192.0.2.1")
	before := len(s.entries(0))
	program := authz.With(t.Context(), authz.System(id.UUID{}))
	for _, on := range []bool{true, false} {
		if err := s.users.SetOperator(program, ann, on); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"identity.operator_made " + s.userOf(ann), "identity.operator_unmade " + s.userOf(ann)}
	if diff := cmp.Diff(want, s.entries(before)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}
