package billing

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/jobs"
)

func TestSendReminderIsDoneOnce(t *testing.T) {
	database, service := open(t)
	askSendReminder(t, service, create(t, service))
	runJobs(t, database, service)
	runJobs(t, database, service)
	checkSendReminder(t, database, 0, 1)
}

func TestSendReminderOfWhatIsDeletedDoesNothing(t *testing.T) {
	database, service := open(t)
	askSendReminder(t, service, createAndDelete(t, service))
	runJobs(t, database, service)
	checkSendReminder(t, database, 0, 0)
}

func TestSendReminderThatFailsLeavesNothingAndIsTriedAgain(t *testing.T) {
	database, service := open(t)
	askSendReminder(t, service, create(t, service))
	for _, then := range []struct {
		statement     string
		waiting, done int
	}{
		{"revoke select on billing.invoices from myapp_billing", 1, 0},
		{"grant select on billing.invoices to myapp_billing", 0, 1},
	} {
		if err := database.InTx(t.Context(), dbtest.Exec(then.statement+"; update jobs.jobs set run_at = now()")); err != nil {
			t.Fatal(err)
		}
		runJobs(t, database, service)
		checkSendReminder(t, database, then.waiting, then.done)
	}
}

func askSendReminder(t *testing.T, s *Service, id InvoiceID) {
	t.Helper()
	err := s.db.InTx(Acting(t.Context()), func(ctx context.Context, tx pgx.Tx) error {
		return jobs.Enqueue(ctx, tx, sendReminder{ID: id})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkSendReminder compares how many of these jobs wait, and how many are done according to the audit log.
func checkSendReminder(t *testing.T, database *db.DB, waiting, done int) {
	t.Helper()
	if n := count(t, database, `select count(*) from jobs.jobs where kind = 'billing.send_reminder'`); n != waiting {
		t.Errorf("%d jobs wait, want %d", n, waiting)
	}
	across := db.AcrossTenants(database, "look at the audit log")
	if n := count(t, across, `select count(*) from audit.entries where action = 'billing.send_reminder'`); n != done {
		t.Errorf("%d jobs are done, want %d", n, done)
	}
}
