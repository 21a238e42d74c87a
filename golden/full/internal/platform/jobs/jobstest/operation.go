package jobstest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// followed is an operation from its beginning to its result, as the client sees it that began it. It waits first, since all workers are
// busy, though the engine may have it already.
func followed(t *testing.T, p Provider) {
	s := New(t, p)
	started, release := make(chan struct{}), make(chan struct{})
	s.Handle(func(ctx context.Context, tx pgx.Tx, job Probe) error {
		started <- struct{}{}
		<-release
		if err := Note(ctx, tx, job); err != nil {
			return err
		}
		return jobs.Result(ctx, "noted")
	})
	s.Enqueue(t, 1, Workers)
	s.Run(t)
	for range Workers {
		<-started
	}
	ctx := authz.With(t.Context(), authz.Principal{Kind: authz.User, ID: id.New(), Tenant: id.New()})
	var begun jobs.Operation
	err := s.Database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		begun, err = jobs.Begin(ctx, tx, Probe{0})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := func(status, result string) {
		t.Helper()
		found, err := jobs.FindOperation(ctx, s.Database, begun.ID)
		if err != nil || found.Status != status || string(found.Result) != result || found.Done() != (status == jobs.StatusSucceeded) {
			t.Errorf("want %s %s, got %+v %v", status, result, found, err)
		}
	}
	s.handedOver(t)
	want(jobs.StatusPending, "")
	release <- struct{}{}
	<-started
	want(jobs.StatusRunning, "")
	close(release)
	s.Await(t, Workers+1)
	want(jobs.StatusSucceeded, `"noted"`)
}
