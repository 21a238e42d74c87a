package workspaces

import (
	"testing"

	"example.com/myapp/internal/platform/events/eventstest"
	"example.com/myapp/internal/platform/id"
)

func TestTheEventsKeepTheirForm(t *testing.T) {
	workspace, err := id.Parse[workspaceKind]("ws_01j00000000000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	user, err := id.Parse[userKind]("user_01j00000000000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	eventstest.Contract(t,
		WorkspaceCreated{WorkspaceID: workspace},
		WorkspaceDeleted{WorkspaceID: workspace},
		MemberJoined{UserID: user, Role: "member"},
		MemberLeft{UserID: user},
	)
}
