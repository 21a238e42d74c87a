package identity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/identity"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events/eventstest"
	"example.com/myapp/internal/platform/jobs"
)

func TestTheEventsKeepTheirForm(t *testing.T) {
	var user identity.UserID
	if err := user.UnmarshalText([]byte("user_01j00000000000000000000000")); err != nil {
		t.Fatal(err)
	}
	eventstest.Contract(t, identity.UserSignedUp{UserID: user})
}

func TestAUserSignsUpOnceByWhicheverLinkIsTakenFirst(t *testing.T) {
	s := start(t, jobs.Schema())
	// One verifies the address and forgets the password later; the other never opens the first mail.
	b := s.user(ann, "192.0.2.1")
	const other = "ben@example.com"
	b.want("sign up", b.do("POST", "/v1/identity/signup", form{"email": other}), 202, "")
	for _, email := range []string{ann, other} {
		b.want("forget", b.do("POST", "/v1/identity/password/forgot", form{"email": email}), 202, "")
		s.runJobs()
		b.want("reset", b.do("POST", "/v1/identity/password/reset", form{"token": s.link(email), "password": good + "2"}), 204, "")
	}
	got := dbtest.Value[[]string](t, s.database, `select array_agg(type || ' ' || payload::text order by id) from events.events`)
	var want []string
	for _, email := range []string{ann, other} {
		want = append(want, `identity.user_signed_up.v1 {"user_id": "`+s.userOf(email)+`"}`)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
