// Postgres holds the truth. Each package that keeps data owns a schema and a
// role, and works in transactions that carry the role and the time limits;
// migrations are a command of their own.
feature postgres
alias pg
summary "a database: a schema and a role per domain, transactions with limits, migrations"
ask "the database that holds the truth"
provides database
needs core
needs devenv

env (
	// The database of the app. Empty is refused; make dev starts one and fills it in.
	DATABASE_URL "postgres://user:password@host:5432/name" // secret required
	// The same database without a pooler in between, for migrations. Empty is DATABASE_URL.
	MIGRATE_DATABASE_URL "" // secret
	// Whether DATABASE_URL leads through a pooler in transaction mode, which keeps no prepared statement.
	DATABASE_POOLER false
	// How many connections one process holds for requests. Zero is refused.
	DATABASE_MAX_CONNS 10
	// How long one statement may take; less where the request has less time left. Zero is refused.
	DATABASE_STATEMENT_TIMEOUT 5s
	// How long a statement waits for a lock. Zero is refused.
	DATABASE_LOCK_TIMEOUT 2s
)

require (
	github.com/fergusstrange/embedded-postgres v1.34.0
	github.com/jackc/pgx/v5 v5.12.0
	github.com/pressly/goose/v3 v3.29.0
	golang.org/x/sync v0.24.0
)
