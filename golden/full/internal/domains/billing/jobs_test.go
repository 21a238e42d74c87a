package billing

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
)

func TestADeletedRowIsPurgedWhenItsTimeHasCome(t *testing.T) {
	for name, test := range map[string]struct {
		after time.Duration
		rows  int
	}{
		"time has come": {-time.Minute, 0},
		"not yet":       {time.Minute, 1},
	} {
		t.Run(name, func(t *testing.T) {
			database, service := open(t)
			service.purgeAfter = test.after
			id := createAndDelete(t, service)
			if n := dbtest.Value[int](t, database, `select count(*) from jobs.jobs where actor_id is not null`); n != 0 {
				t.Errorf("%d jobs go with whoever has deleted it", n)
			}
			runJobs(t, database, service)
			if n := rows(t, database, id); n != test.rows {
				t.Errorf("%d rows, want %d", n, test.rows)
			}
		})
	}
}

func TestARowWhoseDeletionWasTakenBackIsNotPurged(t *testing.T) {
	database, service := open(t)
	service.purgeAfter = -time.Minute
	id := createAndDelete(t, service)
	err := database.As("billing").InTx(Acting(t.Context()), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update billing.invoices set deleted_at = null where id = $1`, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	runJobs(t, database, service)
	if n := rows(t, database, id); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestADeletionThatFailsLeavesNoJob(t *testing.T) {
	database, service := open(t)
	_, err := service.Delete(Acting(t.Context()), DeleteRequest{ID: create(t, service), Version: 7})
	if !errors.Is(err, ErrStale) {
		t.Fatalf("got %v", err)
	}
	if n := count(t, database, `select count(*) from jobs.jobs`); n != 0 {
		t.Errorf("%d jobs", n)
	}
}

// open returns a database of the test's own, and the domain on it.
func open(t *testing.T) (*db.DB, *Service) {
	t.Helper()
	database := dbtest.New(t, audit.Schema(), jobs.Schema(), events.Schema(), Schema())
	return database, New(database)
}

func create(t *testing.T, s *Service) InvoiceID {
	t.Helper()
	var request CreateRequest
	request.Name = "a"
	created, err := s.Create(Acting(t.Context()), request)
	if err != nil {
		t.Fatal(err)
	}
	return created.ID
}

func createAndDelete(t *testing.T, s *Service) InvoiceID {
	t.Helper()
	id := create(t, s)
	if _, err := s.Delete(Acting(t.Context()), DeleteRequest{ID: id}); err != nil {
		t.Fatal(err)
	}
	return id
}

// runJobs runs what is due.
func runJobs(t *testing.T, database *db.DB, s *Service) {
	t.Helper()
	mux := jobs.NewMux()
	s.Jobs(mux)
	if _, err := jobstest.RunDue(t.Context(), database, mux, slog.New(slog.NewTextHandler(t.Output(), nil))); err != nil {
		t.Fatal(err)
	}
}

func rows(t *testing.T, database *db.DB, id InvoiceID) int {
	t.Helper()
	return count(t, database.As("billing"), `select count(*) from billing.invoices where id = $1`, id)
}

func count(t *testing.T, database *db.DB, query string, args ...any) (n int) {
	t.Helper()
	err := database.Read(Acting(t.Context()), func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
