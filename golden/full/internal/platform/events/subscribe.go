package events

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// Delivery is an event on its way to one subscriber, as the job has it.
type Delivery struct {
	ID         id.UUID         `json:"id"`
	Type       string          `json:"type"`
	Payload    json.RawMessage `json:"payload"`
	OccurredAt time.Time       `json:"occurred_at"`

	// ActorID is who did it, nil for the program itself.
	ActorID *id.UUID `json:"actor_id"`

	// Depth is how many events it follows from.
	Depth int `json:"depth"`

	// Replayed says that somebody asked for it again, long after it happened.
	Replayed bool `json:"replayed"`
}

type contextKey struct{}

// From returns the delivery that is being handled in ctx, if there is one.
func From(ctx context.Context) (Delivery, bool) {
	d, ok := ctx.Value(contextKey{}).(Delivery)
	return d, ok
}

// On makes fn what subscriber, such as "mailing.welcome_user", does about each event of type E. It is run as a job, in a
// transaction as the role of d, in the tenant of the event. What it does there commits together with the row of the inbox by
// which another delivery of the same event does nothing, and with the end of the job. E may be a struct of the subscriber's
// own, with those fields of the event that it needs.
//
// A subscriber is known to the database by its name. Under another name it is another one, which was never told of what
// happened before it was.
func On[E Event](m *jobs.Mux, d *db.DB, subscriber string, fn func(ctx context.Context, tx pgx.Tx, event E) error, limits ...jobs.Limit) {
	var zero E
	jobs.HandleKind(m, d, subscriber+":"+zero.EventType(), func(ctx context.Context, tx pgx.Tx, payload []byte) error {
		var delivery Delivery
		var event E
		if err := json.Unmarshal(payload, &delivery); err != nil {
			return jobs.Permanent(fmt.Errorf("decode the delivery: %w", err))
		}
		if err := json.Unmarshal(delivery.Payload, &event); err != nil {
			return jobs.Permanent(fmt.Errorf("decode the event: %w", err))
		}
		const enter = `
			insert into events.inbox (event_id, subscriber, occurred_at, replayed) values ($1, $2, $3, $4) on conflict do nothing`
		entered, err := tx.Exec(ctx, enter, delivery.ID, subscriber, delivery.OccurredAt, delivery.Replayed)
		if err != nil {
			return fmt.Errorf("enter the inbox: %w", err)
		}
		if entered.RowsAffected() == 0 {
			return nil // it had its effects before
		}
		return fn(context.WithValue(ctx, contextKey{}, delivery), tx, event)
	}, limits...)
}

// Subscribe writes down which events the handlers of m listen to. From its commit on whoever publishes one, in whatever version
// of the program, enqueues their deliveries. A process calls it before it does anything else.
func Subscribe(ctx context.Context, d *db.DB, m *jobs.Mux) error {
	return d.As(schemaName).InTx(ctx, func(ctx context.Context, tx pgx.Tx) error { return listen(ctx, tx, m) })
}

// listen does it in order, so that programs that start together do not wait for each other in a circle.
func listen(ctx context.Context, tx pgx.Tx, m *jobs.Mux) error {
	const subscribe = `
		insert into events.subscriptions (subscriber, type)
		select split_part(kind, ':', 1), split_part(kind, ':', 2) from unnest($1::text[]) kind where kind like '%:%' order by kind
		on conflict (type, subscriber) do update set seen_at = now()`
	if _, err := tx.Exec(ctx, subscribe, m.Kinds()); err != nil {
		return fmt.Errorf("subscribe to events: %w", err)
	}
	return nil
}
