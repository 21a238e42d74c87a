// What those who run the program do to jobs and to events stands in the audit
// log, by the transaction that does it.
feature jobs-audited // part
summary "what is done to jobs and events by command is in the audit log"
with worker
with audit

require (
	github.com/google/go-cmp v0.7.0
	github.com/jackc/pgx/v5 v5.12.0
)
