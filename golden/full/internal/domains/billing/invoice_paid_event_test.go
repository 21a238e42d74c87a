package billing

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/events/eventstest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

func TestInvoicePaidKeepsItsForm(t *testing.T) {
	one, err := id.Parse[invoiceKind]("invoice_01j00000000000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	eventstest.Contract(t, InvoicePaid{ID: one, Version: 7})
}

func TestInvoicePaidIsHeardOnceIfItsTransactionCommits(t *testing.T) {
	database, service := open(t)
	mux := jobs.NewMux()
	var heard []InvoicePaid
	events.On(mux, service.db, "billing.listen", func(_ context.Context, _ pgx.Tx, e InvoicePaid) error {
		heard = append(heard, e)
		return nil
	})
	if err := events.Subscribe(t.Context(), database, mux); err != nil {
		t.Fatal(err)
	}

	happened := InvoicePaid{ID: create(t, service), Version: 1}
	regret := errors.New("regret")
	for _, end := range []error{regret, nil} {
		err := service.db.InTx(Acting(t.Context()), func(ctx context.Context, tx pgx.Tx) error {
			return errors.Join(events.Publish(ctx, tx, happened), end)
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
	}
	if _, err := jobstest.RunDue(t.Context(), database, mux, slog.New(slog.NewTextHandler(t.Output(), nil))); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(heard, []InvoicePaid{happened}) {
		t.Errorf("heard %v, want %v once", heard, happened)
	}
}
