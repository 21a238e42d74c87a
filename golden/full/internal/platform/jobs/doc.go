// Package jobs runs work later, outside of the request that asked for it.
//
// Postgres is the truth, the engine only dispatches:
//
//	Enqueue -> jobs.jobs -> relay -> Engine -> runner -> handler
//
// Enqueue inserts a row in the caller's transaction, so a job exists if and only if what caused it was committed. The relay
// gives due rows to the engine. The runner deletes the row and runs the handler as its domain's role in one transaction: the effects
// and their acknowledgement commit together, in two round trips and those of the handler. Whatever the engine loses is given to it
// again by the sweeper, and whatever it delivers twice finds no row the second time. So a job's effects in the database happen
// exactly once; what a handler does elsewhere (a mail, a payment) may happen again after a crash and needs a key of its own.
//
// The queues go one after the other, but for a job of each in every Share that begin, and those of vendors by themselves. In a queue
// the tenants take turns, however much one of them has enqueued: before the job of a tenant that has no others go those that run,
// the 250 that Redis has, and one of each tenant. A failed job waits in its row, longer each time, and ends as a row of
// jobs.dead_letters. Every enqueues a job at the ticks of a schedule, once in all processes. Not for work that a caller waits for.
//
// Another engine takes asynq's place by the package that delivers. NATS and SQS are pushed the same ids and may lose and repeat
// them. Kafka has no delay and no single acknowledgement: its consumer calls the runner for each id and commits the offset after
// it, in any order, since a second delivery finds no row. For Temporal the id is that of a workflow with one activity. An engine
// that stores jobs in Postgres itself, as River does, needs no relay: its table takes the place of jobs.jobs.
package jobs
