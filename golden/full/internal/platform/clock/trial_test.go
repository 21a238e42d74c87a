package clock_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/clock"
	"example.com/myapp/internal/platform/clock/clocktest"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/events"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// trials is the schema of a domain whose tenants try something for fourteen days, of which last_day is the last.
func trials() db.Schema {
	return db.Schema{Name: "trials", Files: fstest.MapFS{"0001_trials.sql": {Data: []byte(`-- +goose Up
create table trials.trials (tenant_id uuid primary key default nullif(current_setting('app.tenant_id', true), '')::uuid, last_day date not null, ended boolean not null default false);
create table trials.mails (about text not null);
alter table trials.trials enable row level security;
alter table trials.trials force row level security;
create policy tenant on trials.trials using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy across_tenants on trials.trials to myapp_across_tenants using (true);
grant select, update on trials.trials to myapp_across_tenants;
grant insert on trials.trials, trials.mails to myapp_trials;
`)}}}
}

// endTrials ends those whose last day is over.
type endTrials struct{ Day string }

// Kind implements jobs.Job.
func (endTrials) Kind() string { return "trials.end_trials" }

// survey is to be sent three days after something.
type survey struct{}

// Kind implements jobs.Job.
func (survey) Kind() string { return "trials.survey" }

// trialJobs are the Jobs of the domain. A day is in no tenant, and the rows are each one's: so a job follows that sees them all.
func trialJobs(mux *jobs.Mux, d *db.DB) {
	events.On(mux, d, "trials.end_trials", func(ctx context.Context, tx pgx.Tx, e clock.DayPassed) error {
		return jobs.Enqueue(ctx, tx, endTrials{e.Day})
	})
	across := db.AcrossTenants(d, "trials that are over end")
	jobs.Handle(mux, across, func(ctx context.Context, tx pgx.Tx, job endTrials) error {
		_, err := tx.Exec(ctx, `update trials.trials set ended = true where last_day <= $1`, job.Day)
		return err
	})
	jobs.Handle(mux, d, func(ctx context.Context, tx pgx.Tx, _ survey) error {
		_, err := tx.Exec(ctx, `insert into trials.mails values ('survey')`)
		return err
	})
}

func TestATrialEndsAfterFourteenDays(t *testing.T) {
	t.Parallel()
	database, mux := dbtest.New(t, jobs.Schema(), events.Schema(), clock.Schema(), trials()), jobs.NewMux()
	trialJobs(mux, database.As("trials"))
	// One tenant begins today, and one the day after tomorrow.
	for _, later := range []int{0, 2} {
		lastDay := dbtest.Value[string](t, database, `select (day + 14 + $1::integer)::text from clock.last_day`, later)
		begin := dbtest.Exec(`insert into trials.trials (last_day) values ($1)`, lastDay)
		if err := database.As("trials").InTx(authz.With(t.Context(), authz.System(id.New())), begin); err != nil {
			t.Fatal(err)
		}
	}
	across, ended := db.AcrossTenants(database, "count what has ended"), map[int]int{}
	for day := range 16 {
		clocktest.Pass(t, database, mux, 1)
		n := dbtest.Value[int](t, across, `select count(*) from trials.trials where ended`)
		ended[n] = max(ended[n], day+1)
	}
	if diff := cmp.Diff(map[int]int{0: 13, 1: 15, 2: 16}, ended); diff != "" {
		t.Errorf("so many trials have ended until that many days had passed (-want +got):\n%s", diff)
	}
	const told = `select array_agg((payload->>'day')::date - (now() at time zone 'UTC')::date order by id) from events.events`
	want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	if diff := cmp.Diff(want, dbtest.Value[[]int](t, database, told)); diff != "" {
		t.Errorf("days from today that were told (-want +got):\n%s", diff)
	}
}

func TestWhatIsToBeDoneLaterComesNearerAsDaysPass(t *testing.T) {
	t.Parallel()
	database, mux := dbtest.New(t, jobs.Schema(), events.Schema(), clock.Schema(), trials()), jobs.NewMux()
	trialJobs(mux, database.As("trials"))
	err := database.As("trials").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return jobs.Enqueue(ctx, tx, survey{}, jobs.At(time.Now().Add(3*24*time.Hour)))
	})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range []int{0, 0, 1, 1} {
		clocktest.Pass(t, database, mux, 1)
		if n := dbtest.Value[int](t, database, `select count(*) from trials.mails`); n != want {
			t.Errorf("after %d days there are %d mails, want %d", day+1, n, want)
		}
	}
}
