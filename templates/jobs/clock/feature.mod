// The clock tells, by events, that a day is over. A trial ends, an invoice is
// due, a key grows old: domains listen to that as to what others do, and their
// tests let a fortnight pass in a moment.
feature clock
summary "a day that has passed is an event, told once; tests let days pass"
needs events

require (
	github.com/google/go-cmp v0.7.0
	github.com/jackc/pgx/v5 v5.12.0
)
