package workspaces_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

// exec executes a statement in a workspace.
func (w world) exec(workspace workspaces.WorkspaceID, statement string) {
	w.t.Helper()
	ctx := authz.With(w.t.Context(), authz.System(workspace.UUID()))
	if err := w.database.InTx(ctx, dbtest.Exec(statement)); err != nil {
		w.t.Fatalf("%s: %v", statement, err)
	}
}

// told are the events after the first ones.
func (w world) told(after int) []string {
	w.t.Helper()
	all := dbtest.Value[[]string](w.t, w.database, `select array_agg(concat_ws(' ', type, payload, tenant_id) order by id) from events.events`)
	return all[after:]
}

func TestWhatIsOverIsDeletedEachHour(t *testing.T) {
	w := start(t)
	kept, users := w.create("kept")
	gone, _ := w.create("gone", authz.Member)
	lately, _ := w.create("lately")
	for _, email := range []string{"old@example.com", "new@example.com"} {
		if _, err := w.Invite(w.at(users[0], kept), email, "viewer"); err != nil {
			t.Fatal(err)
		}
	}
	w.link(kept)
	w.exec(kept, `update workspaces.invitations set expires_at = now() - interval '1 second' where email = 'old@example.com'`)
	w.exec(gone, `update workspaces.workspaces set deleted_at = now() - interval '31 days'`)
	w.exec(lately, `update workspaces.workspaces set deleted_at = now() - interval '29 days'`)
	if err := w.database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error { return jobs.Enqueue(ctx, tx, workspaces.Upkeep()) }); err != nil {
		t.Fatal(err)
	}
	mux := jobs.NewMux()
	w.Jobs(mux)
	if n, err := jobstest.RunDue(t.Context(), w.database, mux, slog.New(slog.NewTextHandler(t.Output(), nil))); n != 1 || err != nil {
		t.Fatalf("%d jobs ran, error %v", n, err)
	}
	got := dbtest.Value[[]string](t, db.AcrossTenants(w.database, "look at what is left"), `select array_agg(x order by x) from (
		select name from workspaces.workspaces union all select email from workspaces.invitations
		union all select 'member of ' || name from workspaces.members m join workspaces.workspaces using (tenant_id)) all_of_it (x)`)
	want := []string{"kept", "lately", "member of kept", "member of lately", "new@example.com"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
}

// tooMany says whether a limit refused.
func tooMany(err error) bool {
	var refused interface{ GetStatus() int }
	return errors.As(err, &refused) && refused.GetStatus() == http.StatusTooManyRequests
}

func TestAttackAUserMakesEverMoreWorkspaces(t *testing.T) {
	t.Attr("tried", "make workspaces without an end, each with roles, a member and an audit log of its own")
	t.Attr("stopped", "a limit by who makes them")
	w := start(t)
	eve, made := w.signedIn(id.New()), 0
	for range 60 {
		if _, err := w.Create(eve, "another"); err == nil {
			made++
		} else if !tooMany(err) {
			t.Fatal(err)
		}
	}
	if made != 50 {
		t.Errorf("one user made %d at once", made)
	}
	if _, err := w.Create(w.signedIn(id.New()), "first"); err != nil {
		t.Errorf("another user: %v", err)
	}
}

func TestAttackAWorkspaceFillsTheMailboxesOfStrangers(t *testing.T) {
	t.Attr("tried", "invite one address again and again, and ever more addresses")
	t.Attr("stopped", "limits by who invites, and by whom one invites, wherever")
	w := start(t)
	first, users := w.create("firm")
	second, others := w.create("other firm")
	invite := func(ctx context.Context, n int, email func(int) string) (sent int) {
		for i := range n {
			_, err := w.Invite(ctx, email(i), "viewer")
			if err == nil {
				sent++
			} else if !tooMany(err) {
				t.Fatal(err)
			}
		}
		return sent
	}
	one := func(int) string { return "victim@example.com" }
	if sent := invite(w.at(users[0], first), 3, one) + invite(w.at(others[0], second), 3, one); sent != 3 {
		t.Errorf("one address was invited %d times at once", sent)
	}
	if sent := invite(w.at(users[0], first), 60, func(i int) string { return strconv.Itoa(i) + "@example.org" }); sent != 47 {
		t.Errorf("one user invited %d more", sent)
	}
}

func TestWhoIsAMemberAndAcceptsIsToldOfToNobody(t *testing.T) {
	w := start(t)
	at, users := w.create("firm", authz.Admin)
	w.people[users[1]] = "admin@example.com"
	if _, err := w.Invite(w.at(users[0], at), "admin@example.com", "viewer"); err != nil {
		t.Fatal(err)
	}
	before := len(w.told(0))
	if _, err := w.Accept(w.signedIn(users[1]), at, w.link(at)); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{}, w.told(before)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if role := authz.From(w.at(users[1], at)).Role; role != authz.Admin {
		t.Errorf("the admin is now %s", role)
	}
}

func TestOthersAreToldWhatAnErasedUserGaveUp(t *testing.T) {
	w := start(t)
	alone, users := w.create("alone")
	shared, _ := w.create("shared")
	w.join(shared, users[0], authz.Member)
	before := len(w.told(0))
	if err := workspaces.GiveUp(t.Context(), w.database, users[0]); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`workspaces.member_left.v1 {"user_id": "` + user(users[0]).String() + `"} ` + shared.UUID().String(),
		`workspaces.workspace_deleted.v1 {"workspace_id": "` + alone.String() + `"} ` + alone.UUID().String(),
	}
	got := w.told(before)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// Postgres refuses the character, which JSON can hold.
func TestARoleThatPostgresCannotStoreIsTheFaultOfWhoSendsIt(t *testing.T) {
	w := start(t)
	at, users := w.create("firm", authz.Member)
	c := httpxtest.New(t, w.Routes).As(w.at(users[0], at))
	for request, body := range map[[2]string]string{
		{"POST", "/v1/workspace/invitations"}:                       `{"email": "a@example.com", "role": "a\u0000"}`,
		{"PUT", "/v1/workspace/members/" + user(users[1]).String()}: `{"role": "a\u0000"}`,
	} {
		if w := c.Do(request[0], request[1], body, 1); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d %s", request, w.Code, w.Body)
		}
	}
}

func TestNobodyChangesAWorkspaceThatWasDeletedMeanwhile(t *testing.T) {
	w := start(t)
	at, users := w.create("firm")
	ctx := w.at(users[0], at)
	if _, err := w.Delete(ctx, 0); err != nil {
		t.Fatal(err)
	}
	for change, err := range map[string]error{
		"rename it":      second(w.Rename(ctx, 0, "new")),
		"delete it":      second(w.Delete(ctx, 0)),
		"invite into it": second(w.Invite(ctx, "ben@example.com", "viewer")),
		"leave it":       w.Leave(ctx),
	} {
		if !errors.Is(err, workspaces.ErrNotFound) {
			t.Errorf("%s: %v", change, err)
		}
	}
}
