package identity

// UserSignedUp tells that somebody has proved an address and can sign in: from here on there is a user.
type UserSignedUp struct {
	UserID UserID `json:"user_id"`
}

// EventType implements events.Event.
func (UserSignedUp) EventType() string { return "identity.user_signed_up.v1" }
