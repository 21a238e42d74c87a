// The desk is where our own people look after jobs, over the API: they see how
// many wait and for how long, and show, retry and drop what was given up. Each
// change is in the audit log, which is looked at from its own desk.
feature job-desk
summary "counts of jobs, and dead letters over the API, for operators"
needs jobs
needs audit-desk
after identity
after workspaces

require (
	github.com/danielgtaylor/huma/v2 v2.37.2
	github.com/google/go-cmp v0.7.0
	github.com/jackc/pgx/v5 v5.12.0
)
