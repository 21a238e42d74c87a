package jobs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// relay gives due rows to the engine. Many may run at once: each takes rows that no other one holds.
type relay struct {
	database   *db.DB // as the role of the schema jobs
	mux        *Mux
	engine     Engine
	sweepAfter time.Duration

	// window is how many jobs of one queue are with the engine at once; several relays may exceed it by a batch each.
	window int
}

const (
	// batch is how many rows are taken at once.
	batch = 100

	// defaultWindow is more jobs of one queue than all workers together run at once. A backlog waits in Postgres and not in
	// the engine: so the sweeper has no more than that to push again, and no more than that goes before the job of a tenant
	// who has no backlog.
	defaultWindow = 250
)

// A claim marks rows as pushed before they are. So no transaction is held open over the network, and the worker that gets
// the job at once does not find its row locked by us. If the program dies in between, the sweeper finds the rows.
const (
	claimDue = `
		with ready as (
			select id from jobs.jobs where turn is null and run_at <= now()
			order by run_at limit 10 * $1 for update skip locked
		), placed as (
			update jobs.jobs j set turn = null from ready where j.id = ready.id -- the trigger gives it its turn
		), due as (
			select job.id from unnest($3::text[]) as queue (name), lateral (
				select id from jobs.jobs j where j.queue = queue.name and pushed_at is null and turn is not null
				order by turn, id
				limit least($1, $2 - (select count(*) from (
					select from jobs.jobs p where p.queue = queue.name and p.pushed_at is not null limit $2
				) pushed))
				for update skip locked
			) job limit $1
		), pushed as (
			update jobs.jobs j set pushed_at = now() from due where j.id = due.id returning j.*
		)
		select id::text, kind, queue from pushed order by turn, id`

	// A row that is being run is locked, and therefore left alone however long it takes.
	claimLost = `
		with lost as (
			select id from jobs.jobs where pushed_at < now() - make_interval(secs => $2)
			limit $1 for update skip locked
		)
		update jobs.jobs j set pushed_at = now() from lost where j.id = lost.id
		returning j.id::text, j.kind, j.queue`

	unclaim = `update jobs.jobs set pushed_at = null where id = any($1::uuid[])`
)

// pushDue gives the engine a batch of rows that are due, in the order of the queues, of which none starves the next: it fills its
// window and no more. A row that was for later and has become due is given its turn, and is pushed the next time. More says that
// there may be others.
func (r *relay) pushDue(ctx context.Context) (more bool, err error) {
	return r.push(ctx, claimDue, batch, r.window, Queues())
}

// pushLost gives the engine again what was given to it long ago and is not done: it lost it, or it is slow, and then it
// knows the id and does nothing.
func (r *relay) pushLost(ctx context.Context) (more bool, err error) {
	return r.push(ctx, claimLost, batch, r.sweepAfter.Seconds())
}

func (r *relay) push(ctx context.Context, claim string, args ...any) (more bool, err error) {
	var tasks []Task
	err = r.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, claim, args...)
		if err != nil {
			return err
		}
		tasks, err = pgx.CollectRows(rows, r.task)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claim jobs: %w", err)
	}
	order := Queues()
	slices.SortStableFunc(tasks, func(a, b Task) int { return slices.Index(order, a.Queue) - slices.Index(order, b.Queue) })
	for i, task := range tasks {
		if err := r.engine.Push(ctx, task); err != nil {
			r.giveBack(ctx, tasks[i:])
			return false, fmt.Errorf("push job %s: %w", task.ID, err)
		}
	}
	return len(tasks) == batch, nil
}

func (r *relay) task(scan pgx.CollectableRow) (Task, error) {
	var t Task
	err := scan.Scan(&t.ID, &t.Kind, &t.Queue)
	t.Timeout = r.mux.find(t.Kind).timeout
	return t, err
}

// giveBack makes claimed rows due again. If that fails too they wait for the sweeper.
func (r *relay) giveBack(ctx context.Context, tasks []Task) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	ids := make([]string, len(tasks))
	for i, task := range tasks {
		ids[i] = task.ID
	}
	_ = r.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, unclaim, ids)
		return err
	})
}
