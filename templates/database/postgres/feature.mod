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
	// Where the database is. In production it asks for sslmode=verify-full,
	// or a host on the same machine.
	DATABASE_URL "postgres://localhost:5432/{ident}" // secret required
	// Where migrations connect: past any pooler, as a login that may make
	// roles. Empty for DATABASE_URL.
	MIGRATE_DATABASE_URL "" // secret
	// Whether DATABASE_URL leads through a pooler in transaction mode.
	DATABASE_POOLER false
	// The most connections that a process holds.
	DATABASE_MAX_CONNS 10
	// How long a statement may take; less when the request has less left.
	DATABASE_STATEMENT_TIMEOUT 5s
	// How long a statement may wait for a lock.
	DATABASE_LOCK_TIMEOUT 2s
)

require (
	github.com/fergusstrange/embedded-postgres v1.34.0
	github.com/jackc/pgx/v5 v5.12.0
	github.com/pressly/goose/v3 v3.29.0
)
