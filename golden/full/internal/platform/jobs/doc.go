// Package jobs runs work later, outside of the request that asked for it.
//
// Postgres is the truth, the engine only dispatches:
//
//	Enqueue -> jobs.jobs -> relay -> Engine -> runner -> handler
//
// Enqueue inserts a row in the caller's transaction, so a job exists if and only if what caused it was committed. The relay
// gives due rows to the engine. The runner locks the row, runs the handler as its domain's role and deletes the row, all in
// one transaction: the effects and their acknowledgement commit together. Whatever the engine loses is given to it again by
// the sweeper, and whatever it delivers twice finds no row the second time. So a job's effects in the database happen
// exactly once; what a handler does elsewhere (a mail, a payment) may happen again after a crash and needs a key of its own.
//
// The queues go one after the other, those of vendors by themselves; in a queue the tenants take turns, however much one of them
// has enqueued. A failed job waits in its row, longer each time, and ends as a row of jobs.dead_letters. Every enqueues a job at the ticks of a
// schedule, once in all processes. Not for work that a caller waits for.
package jobs
