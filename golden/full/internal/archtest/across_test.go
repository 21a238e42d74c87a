package archtest

// acrossTenants are the files that may ask for the rows of every tenant.
func acrossTenants() []string {
	var files []string
	files = append(files, "internal/platform/audit/chain.go")
	files = append(files, "internal/app/trace.go")
	files = append(files, "internal/platform/privacy/privacy.go")
	files = append(files, "internal/domains/workspaces/giveup.go")
	files = append(files, "internal/domains/workspaces/upkeep.go")
	files = append(files, "internal/domains/apikeys/apikeys.go")
	files = append(files, "internal/platform/jobs/outcome.go")
	return files
}
