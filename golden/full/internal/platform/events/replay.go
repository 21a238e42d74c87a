package events

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// Replay tells one subscriber what happened.
type Replay struct {
	Filter

	// To is the subscriber. It is told of those types only that it listens to.
	To string

	// Again tells it also what had its effects there already, which it has a second time: for a copy that is built anew. Without it a
	// replay fills gaps, and changes nothing when it is repeated.
	Again bool
}

// ErrNoSubscriber is the answer to a name under which nobody listens.
var ErrNoSubscriber = errors.New("nobody listens under this name")

// replayed is how many events are enqueued in one transaction.
const replayed = 500

const replay = `
	with page as (
		select e.* from events.events e join events.subscriptions s on s.type = e.type
		where s.subscriber = $1 and e.occurred_at >= $2 and e.occurred_at < $3 and e.id > $4
			and ($5 = '' or e.type = $5) and ($6::uuid is null or e.tenant_id = $6)
		order by e.id limit $7
	), forgotten as (
		delete from events.inbox i using page p
		where $8 and i.event_id = p.id and i.occurred_at = p.occurred_at and i.subscriber = $1
	), enqueued as (
		insert into jobs.jobs (id, kind, queue, payload, run_at, request_id, traceparent, unique_key, tenant_id, actor_id)
		select gen_random_uuid(), $1 || ':' || type, 'low', jsonb_build_object('id', id, 'type', type, 'payload', payload, 'depth', depth,
			'occurred_at', occurred_at, 'actor_id', actor_id, 'replayed', true), now(), request_id, traceparent, id::text, tenant_id, null
		from page p where $8 or not exists (
			select from events.inbox i where i.event_id = p.id and i.occurred_at = p.occurred_at and i.subscriber = $1)
		order by id
		on conflict do nothing
		returning 1
	)
	select (select count(*) from enqueued), (select id from page order by id desc limit 1), exists (select from events.subscriptions where subscriber = $1)`

// Run enqueues the deliveries, the oldest first, behind all other work, and returns how many. What is pending already is not
// enqueued twice. It goes on in steps that last, so one that fails is run again. What also does is in the transaction of the first step.
func (r Replay) Run(ctx context.Context, d *db.DB, also ...func(context.Context, pgx.Tx) error) (count int, err error) {
	until, after := time.Now(), &id.UUID{}
	for after != nil {
		last := after.String()
		err := asJobs(d).InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			var n int
			var known bool
			row := tx.QueryRow(ctx, replay, r.To, r.Since, until, last, r.Type, r.Tenant, replayed, r.Again)
			if err := row.Scan(&n, &after, &known); err != nil {
				return err
			}
			if !known {
				return ErrNoSubscriber
			}
			for _, do := range also {
				if err := do(ctx, tx); err != nil {
					return err
				}
			}
			count += n
			return nil
		})
		if err != nil {
			return count, fmt.Errorf("replay to %s: %w", r.To, err)
		}
		also = nil
	}
	return count, nil
}
