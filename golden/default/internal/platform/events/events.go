// Package events keeps the history of what happened.
//
// A domain records an event in the transaction that makes it true: if that commits the event is there, if not it never was.
// The history is append-only, and a domain can neither read nor change it; what is to react to an event is told otherwise. The
// type of an event names its form, too ("billing.invoice_created.v1"): once recorded it does not change, a new form is a new
// version.
package events

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Event is something that happened. It is stored as the JSON of its exported fields, for years: no secrets, and of people as
// little as can be.
type Event interface {
	// EventType names the domain, what happened, and the version of the event's form.
	EventType() string
}

// Schema is the part of the database that holds the history.
func Schema() db.Schema {
	return db.NewSchema("events", migrations)
}

// Record adds e to the history, in tx.
func Record(ctx context.Context, tx pgx.Tx, e Event) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("record %s: encode it: %w", e.EventType(), err)
	}
	const insert = `insert into events.events (id, type, payload, request_id) values ($1, $2, $3, $4)`
	// As a string: in the exec mode of pgx, which poolers need, bytes are sent as bytea.
	if _, err := tx.Exec(ctx, insert, id.New(), e.EventType(), string(payload), logging.RequestID(ctx)); err != nil {
		return fmt.Errorf("record %s: %w", e.EventType(), err)
	}
	return nil
}
