package app

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/jobs"
)

// lateMail is a job that nobody does.
type lateMail struct{}

func (lateMail) Kind() string { return "mail.late" }

func TestAJobThatWaitsIsCanceled(t *testing.T) {
	environ := available(t)
	cfg, err := config.Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	database, err := db.Open(t.Context(), databaseOptions(cfg))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	err = database.As("jobs").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error { return jobs.Enqueue(ctx, tx, lateMail{}) })
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := jobs.List(t.Context(), database, 10)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d jobs wait, %v", len(waiting), err)
	}
	job := waiting[0].ID
	if code, stdout, stderr := execute(t, environ, "admin", "jobs", "cancel", job); code != 0 || stdout != "deleted "+job+"\n" {
		t.Errorf("it ends with %d, prints %q and %q", code, stdout, stderr)
	}
	want := `myapp: cancel "` + job + `": there is no such job` + "\n    myapp admin jobs ls\n"
	if code, _, stderr := execute(t, environ, "admin", "jobs", "cancel", job); code != 1 || stderr != want {
		t.Errorf("of what is gone it ends with %d and %q", code, stderr)
	}
	wantRecorded(t, environ, "jobs.job_canceled "+job)
}
