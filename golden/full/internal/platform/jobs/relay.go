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
	engine     Engine
	sweepAfter time.Duration

	// window is how many jobs of one queue are with the engine at once; several relays may exceed it by a batch each.
	window int
}

const (
	// batch is how many rows are taken at once.
	batch = 100

	// bundle is how many jobs of a claim are handed over at once, at most and as a part of it. What the engine does for a delivery costs
	// more than what Postgres does for a job; but a worker that has taken a bundle leaves nothing of it to another process.
	bundle, part = 10, 4

	// claimTimeout bounds a claim, which takes milliseconds.
	claimTimeout = 10 * time.Second

	// rest is how long nothing is claimed after more than a bundle was: the workers have enough, and many rows cost less at once.
	rest = 20 * time.Millisecond

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
			update jobs.jobs set turn = null where id = any (array(select id from ready)) -- the trigger gives it its turn
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
			update jobs.jobs set pushed_at = now() where id = any (array(select id from due)) returning *
		)
		select id::text, kind, queue from pushed order by turn, id`

	// A row that is being run is locked, and therefore left alone however long it takes.
	claimLost = `
		with lost as (
			select id from jobs.jobs where pushed_at < now() - make_interval(secs => $2)
			limit $1 for update skip locked
		)
		update jobs.jobs set pushed_at = now() where id = any (array(select id from lost))
		returning id::text, kind, queue`

	// Of each queue of ours that waits for another one, the job that the engine has had longest.
	claimWaiting = `
		with waiting as (
			select job.id from unnest($1::text[]) with ordinality as queue (name, place), lateral (
				select id from jobs.jobs j where j.queue = queue.name and pushed_at is not null
				order by pushed_at, id limit 1 for update skip locked
			) job
			where exists (
				select from unnest($1::text[]) with ordinality as other (name, place), jobs.jobs j
				where other.place < queue.place and j.queue = other.name and j.pushed_at is not null)
		)
		update jobs.jobs set pushed_at = now() where id = any (array(select id from waiting))
		returning id::text, kind, queue`

	// The queues are empty when most plans are made, and long when they matter: then only the order of an index does.
	inOrder = `select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`

	unclaim = `update jobs.jobs set pushed_at = null where id = any($1::uuid[])`
)

// pushDue gives the engine a batch of rows that are due, in the order of the queues, of which none starves the next: it fills its
// window and no more. A row that was for later and has become due is given its turn, and is pushed the next time. More says that
// there may be others.
func (r *relay) pushDue(ctx context.Context) (more bool, err error) {
	tasks, err := r.claim(ctx, claimDue, batch, r.window, Queues())
	if err != nil {
		return false, err
	}
	order := Queues()
	slices.SortStableFunc(tasks, func(a, b Task) int { return slices.Index(order, a.Queue) - slices.Index(order, b.Queue) })
	if err := r.push(ctx, tasks, min(bundle, (len(tasks)+part-1)/part)); err != nil || len(tasks) == batch {
		return err == nil, err
	}
	if len(tasks) > bundle {
		wait(ctx, rest)
	}
	return false, nil
}

// pushLost gives the engine again what was given to it long ago and is not done: it lost it, its process died, or it is slow. Each
// by itself, since one of them may be what the process died of.
func (r *relay) pushLost(ctx context.Context) (more bool, err error) {
	tasks, err := r.claim(ctx, claimLost, batch, r.sweepAfter.Seconds())
	if err != nil {
		return false, err
	}
	for i := range tasks {
		tasks[i].Lost = true
	}
	return len(tasks) == batch, r.push(ctx, tasks, 1)
}

// pushWaiting gives the engine a second time, into the first queue, what waits longest for the queues before its own. Whichever
// delivery comes later finds nothing to do.
func (r *relay) pushWaiting(ctx context.Context) error {
	tasks, err := r.claim(ctx, claimWaiting, Ours())
	if err != nil {
		return err
	}
	for i := range tasks {
		tasks[i].Queue = Critical
	}
	return r.push(ctx, tasks, 1)
}

func (r *relay) claim(ctx context.Context, claim string, args ...any) (tasks []Task, err error) {
	b := r.database.Begin(ctx, claimTimeout)
	b.Queue(r.database, func(pgx.Rows) error { return nil }, inOrder)
	b.Queue(r.database, func(rows pgx.Rows) (err error) {
		tasks, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Task, err error) {
			return t, row.Scan(&t.ID, &t.Kind, &t.Queue)
		})
		return err
	}, claim, args...)
	if err := b.InTx(ctx, func(context.Context, pgx.Tx) error { return nil }); err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	return tasks, nil
}

// push hands over the tasks, so many of one queue at once.
func (r *relay) push(ctx context.Context, tasks []Task, most int) error {
	for len(tasks) > 0 {
		n := 1
		for n < min(most, len(tasks)) && tasks[n].Queue == tasks[0].Queue {
			n++
		}
		if err := r.engine.Push(ctx, tasks[:n]); err != nil {
			r.giveBack(ctx, tasks)
			return fmt.Errorf("push job %s: %w", tasks[0].ID, err)
		}
		tasks = tasks[n:]
	}
	return nil
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
