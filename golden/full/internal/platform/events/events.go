package events

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/logging"
)

//go:embed migrations/*.sql
var migrations embed.FS

const schemaName = "events"

// Schema is the part of the database that holds the history. It refers to that of the jobs.
func Schema() db.Schema { return db.NewSchema(schemaName, migrations) }

// Event is something that happened. It is stored as the JSON of its exported fields, for others to read: ids, versions, states,
// and no secrets, and nothing by which a person is known.
type Event interface {
	// EventType names the domain, what happened, and the version of the event's form. It is asked of the zero value too.
	EventType() string
}

// maxDepth is how many events may follow from one of a request, each published by the handler of the one before.
const maxDepth = 8

// ErrCascade is the answer to an event that follows from too many others: they go round in a circle, or will. No retry mends it.
var ErrCascade = errors.New("events follow from each other without an end")

// publish writes the event and, for each of those who listen, what Delivery reads. The deliveries are jobs of nobody: what happened is
// told also after who did it was erased.
const publish = `
	with event as (
		insert into events.events (id, type, payload, depth, causation_id, request_id, traceparent)
		values ($1, $2, $3::jsonb, $4, $5, $6, $7)
	)
	insert into jobs.jobs (id, kind, queue, payload, run_at, request_id, traceparent, unique_key, actor_id)
	select gen_random_uuid(), subscriber || ':' || type, 'default', jsonb_build_object(
		'id', $1::uuid, 'type', type, 'payload', $3::jsonb, 'depth', $4::integer, 'occurred_at', now(),
		'actor_id', nullif(current_setting('app.actor_id', true), '')), now(), $6, $7, $1::uuid::text, null
	from events.subscriptions where type = $2`

// Publish adds e to the history in tx, and a delivery for each of those who listen, in one round trip. In a handler it notes the
// event that is being handled as the cause, and fails for good with ErrCascade where that has too many causes before it. A
// program that was never started with its handlers has told nobody that it listens: Subscribe.
func Publish(ctx context.Context, tx pgx.Tx, e Event) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("publish %s: encode it: %w", e.EventType(), err)
	}
	depth, cause := 0, (*id.UUID)(nil)
	if handled, ok := From(ctx); ok {
		depth, cause = handled.Depth+1, &handled.ID
	}
	if depth > maxDepth {
		return jobs.Permanent(fmt.Errorf("publish %s: %w", e.EventType(), ErrCascade))
	}
	// The payload as a string: in the exec mode of pgx, which poolers need, bytes are sent as bytea.
	_, err = tx.Exec(ctx, publish, id.New(), e.EventType(), string(payload), depth, cause, logging.RequestID(ctx), logging.Trace(ctx))
	if err != nil {
		return fmt.Errorf("publish %s: %w", e.EventType(), err)
	}
	return nil
}
