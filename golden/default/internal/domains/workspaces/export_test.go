package workspaces

import "example.com/myapp/internal/platform/jobs"

// Upkeep is what is done each hour.
func Upkeep() jobs.Job { return upkeep{} }

// What reads the lists.
const (
	ListMembers     = listMembers
	ListInvitations = listInvitations
)
