// Operations tell a client what became of work that was not done when it was
// answered: 202 and where to look, and there how far it is, what it came to, or
// why it failed. What is told of the end commits together with its effects.
feature operations
summary "202 Accepted: a client follows what a job does until it is done, and reads what it came to"
needs jobs
needs workspaces
after job-steps

env (
	// How long a client can ask what became of an operation after its end. With zero that is an hour at most.
	OPERATIONS_RETENTION 720h
)

require (
	github.com/danielgtaylor/huma/v2 v2.37.2
	github.com/google/go-cmp v0.7.0
	github.com/jackc/pgx/v5 v5.12.0
)
