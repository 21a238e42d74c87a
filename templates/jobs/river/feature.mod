// River runs work behind the request, on Postgres alone. A job is a row of
// River's table, written in the transaction that wants it; the row goes in
// the transaction of the job's effects.
feature river
summary "background jobs on Postgres alone: rows in the transaction that wants them, run once in effect"
ask "background jobs on Postgres alone"
provides jobs // default
needs postgres
needs worker

require (
	github.com/jackc/pgx/v5 v5.12.0
	github.com/riverqueue/river v0.51.1
	github.com/riverqueue/river/riverdriver/riverpgxv5 v0.51.1
)
