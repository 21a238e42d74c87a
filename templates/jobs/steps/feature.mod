// Steps make a long job of short ones: each commits with a checkpoint, so that
// whoever goes on after a crash or a deployment begins where the last step ended.
feature job-steps
summary "long jobs: checkpoints, progress, going on after a crash, cancel"
needs jobs

require (
	github.com/google/go-cmp v0.7.0
	github.com/jackc/pgx/v5 v5.12.0
)
