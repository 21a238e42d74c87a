// Pre-seed is a team with an idea: one process on Postgres alone, as small as
// it can be. It is the default.
feature pre-seed
summary "one process on Postgres alone; the default"
needs postgres
needs audit
needs identity
needs workspaces
needs crypto
needs idempotency
needs jobs
needs privacy
