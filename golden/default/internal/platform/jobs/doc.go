// Package jobs runs work later, outside of the request that asked for it.
//
// The jobs are rows of River's table, in Postgres:
//
//	Enqueue -> jobs.jobs (a view of river_job) -> River -> runner -> handler
//
// Enqueue inserts a row in the caller's transaction, so a job exists if and only if what caused it was committed. River finds
// due rows and gives them to workers. The runner deletes the row and runs the handler as its domain's role in one transaction: the
// effects and their acknowledgement commit together, in two round trips and those of the handler. The lock on the row is what tells
// a worker that died from one that is slow: a row that is marked as running and that nobody holds is put back by the sweeper. So a
// job's effects in the database happen exactly once; what a handler does elsewhere (a mail, a payment) may happen again after a crash
// and needs a key of its own.
//
// The queues go one after the other, but for a job of each in every Share that begin, and those of vendors by themselves. In a queue
// the tenants take turns, however much one of them has enqueued: before the job of a tenant that has no others go those that run,
// and one of each tenant that waits. A failed job waits in its row, longer each time, and ends as a row of jobs.dead_letters. Every
// enqueues a job at the ticks of a schedule, once in all processes. Not for work that a caller waits for.
//
// Another engine takes River's place by what differs between them: the migration, the sweeper and the package that delivers. One
// that stores nothing itself (SQS, NATS, Kafka) is given ids by a relay, from a table of ours, and may lose and repeat them.
// Kafka has no delay and no single acknowledgement: its consumer calls the runner for each id and commits the offset after
// it, in any order, since a second delivery finds no row. For Temporal the id is that of a workflow with one activity.
package jobs
