package workspaces

import "example.com/myapp/internal/platform/jobs"

// Upkeep is what is done each hour.
func Upkeep() jobs.Job { return upkeep{} }
