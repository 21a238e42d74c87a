package identity

import (
	"testing"

	"example.com/myapp/internal/platform/events/eventstest"
	"example.com/myapp/internal/platform/id"
)

func TestTheEventsKeepTheirForm(t *testing.T) {
	user, err := id.Parse[userKind]("user_01j00000000000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	eventstest.Contract(t, UserSignedUp{UserID: user})
}
