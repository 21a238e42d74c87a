package billing

import (
	"testing"

	"example.com/myapp/internal/platform/events/eventstest"
	"example.com/myapp/internal/platform/id"
)

func TestTheEventsKeepTheirForm(t *testing.T) {
	one, err := id.Parse[invoiceKind]("invoice_01j00000000000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	change := InvoiceChange{ID: one, Version: 7}
	eventstest.Contract(t, InvoiceCreated{change}, InvoiceUpdated{change}, InvoiceDeleted{change})
}
