// Events tell others what happened. An event is a row, written in the
// transaction that makes it true, and a job for each of those who listen, whose
// effects are had once. What happened is kept for months, to be replayed.
feature events // part
summary "events: typed, versioned, written in the transaction, delivered as jobs, kept and replayed"
needs postgres
needs jobs
needs admin

env (
	// How long events are kept to be replayed. A month is dropped when all of it is older. Less than 24h is refused.
	EVENTS_RETENTION 9600h
)
