package billing

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/jobs"
)

// Jobs adds what this domain does later.
func (s *Service) Jobs(mux *jobs.Mux) {
	jobs.Handle(mux, s.db, purge)
	s.handleSendReminder(mux)
}

// purgeInvoice deletes for good what was deleted a while ago.
type purgeInvoice struct {
	ID InvoiceID
}

// Kind implements jobs.Job.
func (purgeInvoice) Kind() string {
	return "billing.purge_invoice"
}

// purge leaves alone what is not deleted any longer: somebody may have taken the deletion back.
func purge(ctx context.Context, tx pgx.Tx, job purgeInvoice) error {
	_, err := tx.Exec(ctx, `delete from billing.invoices where id = $1 and deleted_at is not null`, job.ID)
	if err != nil {
		return fmt.Errorf("purge invoice: %w", err)
	}
	return nil
}
