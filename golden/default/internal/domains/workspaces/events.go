package workspaces

// The events of the domain. Each is of the tenant that is the workspace.
type (
	// WorkspaceCreated tells of a new workspace, whose owner created it.
	WorkspaceCreated struct {
		WorkspaceID WorkspaceID `json:"workspace_id"`
	}

	// WorkspaceDeleted tells that nobody gets into the workspace any longer: what is in it can go.
	WorkspaceDeleted struct {
		WorkspaceID WorkspaceID `json:"workspace_id"`
	}

	// MemberJoined tells that a user has accepted an invitation.
	MemberJoined struct {
		UserID UserID `json:"user_id"`
		Role   string `json:"role"`
	}

	// MemberLeft tells that a user is no member any longer, by whatever decision.
	MemberLeft struct {
		UserID UserID `json:"user_id"`
	}
)

// EventType implements events.Event.
func (WorkspaceCreated) EventType() string { return "workspaces.workspace_created.v1" }

// EventType implements events.Event.
func (WorkspaceDeleted) EventType() string { return "workspaces.workspace_deleted.v1" }

// EventType implements events.Event.
func (MemberJoined) EventType() string { return "workspaces.member_joined.v1" }

// EventType implements events.Event.
func (MemberLeft) EventType() string { return "workspaces.member_left.v1" }
