package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

// Job is work to be done later. It is stored as the JSON of its exported fields, and may be read back by a newer or an
// older version of the program.
type Job interface {
	// Kind names the handler: the domain, a dot, a verb and its object. It is asked of the zero value too.
	Kind() string
}

// Option changes how one job is enqueued.
type Option func(*entry)

// entry is what Enqueue inserts beside the payload.
type entry struct {
	queue string
	runAt *time.Time
	key   *string
	kept  bool
}

// At makes the job wait until t. Without it the job is due at once.
func At(t time.Time) Option {
	return func(e *entry) { e.runAt = &t }
}

// Queue puts the job into one of the queues. Without it that is Default.
func Queue(name string) Option {
	return func(e *entry) { e.queue = name }
}

// Kept has the job be done also if who asks for it is erased before: it is of nobody, and holds ids and nothing else.
func Kept(e *entry) { e.kept = true }

// ErrPending is the answer to a job that is Unique and pending already. The transaction goes on: who asks for what is under
// way anyhow ignores it.
var ErrPending = errors.New("the job is pending already")

// Unique makes the job the only one of its kind, tenant and key, from its enqueuing until it is done or given up. So while it
// runs another one is refused too, and a handler that has read what changed since does not see the change. Two transactions
// with one key wait for each other. A dead letter that is retried has no key.
func Unique(key string) Option {
	return func(e *entry) { e.key = &key }
}

// Enqueue records j in tx. If tx commits the job will be run, whatever is away now; if not, it never existed.
func Enqueue(ctx context.Context, tx pgx.Tx, j Job, options ...Option) error {
	return EnqueueAll(ctx, tx, []Job{j}, options...)
}

// EnqueueAll is Enqueue of any number of jobs in one round trip, all with the same options.
func EnqueueAll[J Job](ctx context.Context, tx pgx.Tx, jobs []J, options ...Option) error {
	e := entry{queue: Default}
	for _, option := range options {
		option(&e)
	}
	ids, kinds, payloads := make([]string, len(jobs)), make([]string, len(jobs)), make([]string, len(jobs))
	for i, j := range jobs {
		payload, err := json.Marshal(j)
		if err != nil {
			return fmt.Errorf("enqueue %s: encode it: %w", j.Kind(), err)
		}
		ids[i], kinds[i], payloads[i] = id.New().String(), j.Kind(), string(payload)
	}
	if !slices.Contains(Queues(), e.queue) {
		return fmt.Errorf("enqueue jobs: no queue is called %q", e.queue)
	}
	const insert = `
		insert into jobs.jobs (id, kind, queue, payload, run_at, request_id, traceparent, unique_key, actor_id)
		select id, kind, $4, payload, coalesce($5, now()), $6, $7, $8, case when not $9 then nullif(current_setting('app.actor_id', true), '')::uuid end
		from unnest($1::uuid[], $2::text[], $3::jsonb[]) as job (id, kind, payload)
		on conflict do nothing`
	done, err := tx.Exec(ctx, insert, ids, kinds, payloads, e.queue, e.runAt, logging.RequestID(ctx), logging.Trace(ctx), e.key, e.kept)
	if err == nil && done.RowsAffected() < int64(len(jobs)) {
		err = ErrPending
	}
	if err != nil {
		return fmt.Errorf("enqueue jobs: %w", err)
	}
	return nil
}
