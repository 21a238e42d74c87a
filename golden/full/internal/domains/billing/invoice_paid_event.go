package billing

// InvoicePaid is the event invoice paid, of one of the invoices. It is published in the transaction that makes it true, and is
// there if that commits:
//
//	err := events.Publish(ctx, tx, InvoicePaid{ID: row.ID, Version: row.Version})
//
// Who listens says so in the Jobs of its domain, under a name of its own, and has its effects once for each event:
//
//	events.On(mux, s.db, "mailing.tell_owner", s.tellOwner)
//
// What is published stays as it is in testdata/billing.invoice_paid.v1.json: fields may be added, and for all else there will
// be a v2. It says nothing about a person.
type InvoicePaid struct {
	ID InvoiceID `json:"id"`

	// Version is that of the row when it happened. Events come late and in any order: a copy of the row is written where
	// its version is less.
	Version int64 `json:"version"`
}

// EventType implements events.Event.
func (InvoicePaid) EventType() string {
	return "billing.invoice_paid.v1"
}
