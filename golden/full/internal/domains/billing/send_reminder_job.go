package billing

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/jobs"
)

// sendReminder is the job send reminder, for one of the invoices. Whoever wants it asks for it in a transaction, and has it
// if that commits:
//
//	err := jobs.Enqueue(ctx, tx, sendReminder{ID: row.ID})
//
// It is stored as JSON, and older and newer programs read it: add fields, and rename none.
type sendReminder struct {
	ID InvoiceID
}

// Kind implements jobs.Job.
func (sendReminder) Kind() string {
	return "billing.send_reminder"
}

// handleSendReminder says who does the job, and its limits. After the eighth failure, minutes after the first, it is a dead letter
// and waits for a person.
func (s *Service) handleSendReminder(mux *jobs.Mux) {
	jobs.Handle(mux, s.db, s.sendReminder, jobs.Attempts(8), jobs.Timeout(30*time.Second))
}

// sendReminder does the job in tx, as the program, in the tenant that asked for it, and writes in the audit log that it was done.
// What it writes commits together with the end of the job, so it is there once. After an error nothing of it is, and the job is
// tried again, unless the error is jobs.Permanent. What it does elsewhere may happen twice: give the other side a key.
func (s *Service) sendReminder(ctx context.Context, tx pgx.Tx, job sendReminder) error {
	found, err := one(ctx, tx, findOne, job.ID)
	if errors.Is(err, ErrNotFound) {
		return nil // it was deleted in the meantime
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: job.Kind(), Subject: found.ID.String()})
}
