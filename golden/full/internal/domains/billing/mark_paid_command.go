package billing

import (
	"context"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/events"
)

// MarkPaid is the permission for the command of that name.
const MarkPaid authz.Permission = "billing.invoice.mark_paid"

// MarkPaidRequest names one of the invoices. Version is the one that was read; 0 takes whichever is there.
type MarkPaidRequest struct {
	ID      InvoiceID
	Version int64
}

// MarkPaid is the command mark paid. It makes the next version of the row, unless that was changed since it was read, tells
// those who keep a copy of it, and records who did it: all of it, or nothing.
func (s *Service) MarkPaid(ctx context.Context, r MarkPaidRequest) (row Invoice, err error) {
	if err := authz.Check(ctx, MarkPaid); err != nil {
		return Invoice{}, err
	}
	const change = `
		update billing.invoices set version = version + 1, updated_at = now()
		where id = $1 and deleted_at is null and (version = $2 or $2::bigint = 0)
		returning ` + columns
	err = s.db.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		row, err = one(ctx, tx, change, r.ID, r.Version)
		if err := whyNot(ctx, tx, r.ID, err); err != nil {
			return err
		}
		if err := events.Publish(ctx, tx, InvoiceUpdated{changed(row)}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Action: "billing.mark_paid", Subject: r.ID.String()})
	})
	return row, err
}
