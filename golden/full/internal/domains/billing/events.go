package billing

import (
	"context"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/events"
)

// InvoiceChange is what the events say: which one of the invoices, and the version that it has from then on. Events
// come in any order, so a copy elsewhere is written where its version is less. What else there is to know is asked of Get.
type InvoiceChange struct {
	ID InvoiceID `json:"id"`

	Version int64 `json:"version"`
}

// changed is what there is to say of one of the invoices after a change.
func changed(invoice Invoice) InvoiceChange {
	return InvoiceChange{ID: invoice.ID, Version: invoice.Version}
}

// InvoiceCreated says that there is one more. Others listen to it, as to those below, by events.On in their Jobs.
type InvoiceCreated struct {
	InvoiceChange
}

// EventType implements events.Event.
func (InvoiceCreated) EventType() string {
	return "billing.invoice_created.v1"
}

// InvoiceUpdated says that one has a new version.
type InvoiceUpdated struct {
	InvoiceChange
}

// EventType implements events.Event.
func (InvoiceUpdated) EventType() string {
	return "billing.invoice_updated.v1"
}

// InvoiceDeleted says that one is gone for everybody.
type InvoiceDeleted struct {
	InvoiceChange
}

// EventType implements events.Event.
func (InvoiceDeleted) EventType() string {
	return "billing.invoice_deleted.v1"
}

// record writes down what happened to one: the event, and the entry in the audit log, whose action is called like the event. The
// entry is the last that a transaction does: the next one of the same tenant waits for its commit.
func record(ctx context.Context, tx pgx.Tx, subject InvoiceID, e events.Event) error {
	if err := events.Publish(ctx, tx, e); err != nil {
		return err
	}
	action := strings.TrimSuffix(e.EventType(), path.Ext(e.EventType()))
	return audit.Record(ctx, tx, audit.Entry{Action: action, Subject: subject.String()})
}
