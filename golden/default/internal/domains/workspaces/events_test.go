package workspaces_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgtype"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events/eventstest"
	"example.com/myapp/internal/platform/id"
)

func TestTheEventsKeepTheirForm(t *testing.T) {
	var workspace workspaces.WorkspaceID
	var user workspaces.UserID
	err := errors.Join(workspace.UnmarshalText([]byte("ws_01j00000000000000000000000")), user.UnmarshalText([]byte("user_01j00000000000000000000000")))
	if err != nil {
		t.Fatal(err)
	}
	eventstest.Contract(t,
		workspaces.WorkspaceCreated{WorkspaceID: workspace},
		workspaces.WorkspaceDeleted{WorkspaceID: workspace},
		workspaces.MemberJoined{UserID: user, Role: "member"},
		workspaces.MemberLeft{UserID: user},
	)
}

func TestOthersAreToldOfWorkspacesAndMembers(t *testing.T) {
	w := start(t)
	at, users := w.create("firm")
	owner, guest := users[0], id.New()
	w.people[guest] = "guest@example.com"
	if _, err := w.Invite(w.at(owner, at), w.people[guest], "viewer"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Accept(w.signedIn(guest), at, w.link(at)); err != nil {
		t.Fatal(err)
	}
	if err := w.Leave(w.at(guest, at)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Delete(w.at(owner, at), 0); err != nil {
		t.Fatal(err)
	}
	got := dbtest.Value[[]string](t, w.database, `select array_agg(concat_ws(' ', type, payload, tenant_id, actor_id) order by id) from events.events`)
	var user workspaces.UserID
	if err := user.ScanUUID(pgtype.UUID{Bytes: guest, Valid: true}); err != nil {
		t.Fatal(err)
	}
	member, here := user.String(), at.UUID().String()
	want := []string{
		`workspaces.workspace_created.v1 {"workspace_id": "` + at.String() + `"} ` + here + " " + owner.String(),
		`workspaces.member_joined.v1 {"role": "viewer", "user_id": "` + member + `"} ` + here + " " + guest.String(),
		`workspaces.member_left.v1 {"user_id": "` + member + `"} ` + here + " " + guest.String(),
		`workspaces.workspace_deleted.v1 {"workspace_id": "` + at.String() + `"} ` + here + " " + owner.String(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
