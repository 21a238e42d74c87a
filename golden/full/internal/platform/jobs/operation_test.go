package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/id"
)

func TestAnOperationSucceedsTogetherWithItsEffects(t *testing.T) {
	f := setUp(t).follower()
	fail := errors.New("not today")
	var noted time.Time
	f.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		now := tx.QueryRow(ctx, `select clock_timestamp()`).Scan(&noted)
		return errors.Join(now, p.note(ctx, tx), Result(ctx, map[string]int{"rows": 7}), fail)
	})
	begun := f.begin()
	f.want("before its job is run", begun, `"pending"`)
	f.deliver(begun)
	f.want("after a failure", begun, `"pending"`)
	fail = nil
	f.deliver(begun)
	f.want("after the next try", begun, `"succeeded" "result":{"rows":7}`)
	if n := f.effects("a"); n != 1 {
		t.Errorf("%d effects", n)
	}
	if done, _ := f.look(begun); done.FinishedAt.Before(noted) {
		t.Errorf("it finished at %s, and its handler still worked at %s", done.FinishedAt, noted)
	}
}

func TestAnOperationWithoutAResultSucceeds(t *testing.T) {
	f := setUp(t).follower()
	f.handle(func(context.Context, pgx.Tx, probe) error { return nil })
	plain, unique := f.begin(), f.begin(Unique("a"))
	for _, begun := range []Operation{plain, unique} {
		f.deliver(begun)
		f.want("done", begun, `"succeeded"`)
	}
}

func TestAnOperationThatWasGivenUpSucceedsAfterARetry(t *testing.T) {
	f := setUp(t).follower()
	fail := Permanent(errors.New("password authentication failed for postgres://app:hunter2@db"))
	f.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		return errors.Join(p.note(ctx, tx), Result(ctx, "half"), fail)
	})
	begun := f.begin()
	f.deliver(begun)
	f.want("given up", begun, givenUp)
	fail = nil
	if err := Retry(t.Context(), f.database, begun.ID.String()); err != nil {
		t.Fatal(err)
	}
	f.want("retried", begun, `"pending"`)
	f.deliver(begun)
	f.want("done", begun, `"succeeded" "result":"half"`)
	if n := f.effects("a"); n != 1 {
		t.Errorf("%d effects", n)
	}
}

func TestARefusalIsToldAndLeavesNoEffectAndNoDeadLetter(t *testing.T) {
	f := setUp(t).follower()
	f.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		return errors.Join(p.note(ctx, tx), fmt.Errorf("row 3: %w", Refuse("month_empty", "there is nothing\x00 in May")))
	})
	begun := f.begin()
	f.deliver(begun)
	f.want("refused", begun, `"failed" "error":{"code":"month_empty","detail":"there is nothing? in May"}`)
	left := query[int](f.fixture, `select (select count(*) from jobs.jobs) + (select count(*) from jobs.dead_letters) + (select count(*) from probe.effects)`)
	if left[0] != 0 {
		t.Errorf("%d jobs, dead letters and effects", left[0])
	}
}

func TestARefusalThatNobodyFollowsIsADeadLetter(t *testing.T) {
	f := setUp(t)
	f.handle(func(context.Context, pgx.Tx, probe) error { return Refuse("month_empty", "there is nothing in May") })
	if err := f.run(t.Context(), f.enqueue(nil, probe{"a"})[0]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"there is nothing in May"}, query[string](f, `select last_error from jobs.dead_letters`)); diff != "" {
		t.Error(diff)
	}
}

func TestAResultThatIsTooLargeIsGivenUp(t *testing.T) {
	f := setUp(t).follower()
	size := maxResult - 1
	f.handle(func(ctx context.Context, _ pgx.Tx, _ probe) error { return Result(ctx, strings.Repeat("x", size)) })
	begun := f.begin()
	f.deliver(begun)
	f.want("too large", begun, givenUp)
}

func TestAttackTheOperationOfAnother(t *testing.T) {
	t.Attr("tried", "ask for the operation of somebody else, in the same workspace and in another, and change it by SQL")
	t.Attr("stopped", "the policy of the table, the query by who began it, and what is granted to domains")
	f := setUp(t).follower()
	begun, who := f.begin(), authz.From(f.ctx)
	as := func(change func(*authz.Principal)) error {
		other := who
		change(&other)
		_, err := FindOperation(authz.With(t.Context(), other), f.database, begun.ID)
		return err
	}
	_, nothing := FindOperation(f.ctx, f.database, id.New())
	_, zero := FindOperation(f.ctx, f.database, id.UUID{})
	for name, err := range map[string]error{
		"in another tenant": as(func(p *authz.Principal) { p.Tenant = id.New() }),
		"another user":      as(func(p *authz.Principal) { p.ID = id.New() }),
		"the id of nothing": zero,
	} {
		if !errors.Is(err, ErrNoOperation) || err.Error() != nothing.Error() {
			t.Errorf("%s: %v, and what there is not: %v", name, err, nothing)
		}
	}
	if err := as(func(p *authz.Principal) { p.Tenant = id.UUID{} }); !errors.Is(err, authz.ErrNoTenant) {
		t.Errorf("in no tenant: %v", err)
	}
	if err := as(func(p *authz.Principal) { *p = authz.Principal{} }); !errors.Is(err, authz.ErrAnonymous) {
		t.Errorf("nobody: %v", err)
	}
	for _, sql := range []string{`select result from jobs.operations`, `update jobs.operations set result = '1'`, `delete from jobs.operations`} {
		if err := f.database.As("probe").InTx(f.ctx, dbtest.Exec(sql)); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("a domain may %s: %v", sql, err)
		}
	}
	f.want("for who began it", begun, `"pending"`)
}

func TestNobodyBeginsWhatNobodyCouldAskFor(t *testing.T) {
	f := setUp(t)
	for want, who := range map[error]authz.Principal{
		authz.ErrAnonymous: authz.System(id.New()), authz.ErrNoTenant: {Kind: authz.User, ID: id.New()},
	} {
		err := f.database.As("probe").InTx(authz.With(t.Context(), who), func(ctx context.Context, tx pgx.Tx) error {
			_, err := Begin(ctx, tx, probe{"a"})
			return err
		})
		if !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

func TestWithoutTheCommitThereIsNoOperation(t *testing.T) {
	f := setUp(t).follower()
	var begun Operation
	fail := errors.New("not today")
	err := f.database.As("probe").InTx(f.ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		begun, err = Begin(ctx, tx, probe{"a"})
		return errors.Join(err, fail)
	})
	if !errors.Is(err, fail) || begun.ID.IsZero() {
		t.Fatalf("began %v: %v", begun.ID, err)
	}
	if _, err := FindOperation(f.ctx, f.database, begun.ID); !errors.Is(err, ErrNoOperation) {
		t.Errorf("got %v", err)
	}
	if n := query[int](f.fixture, `select count(*) from jobs.jobs`); n[0] != 0 {
		t.Errorf("%d jobs", n[0])
	}
}

func TestAnOperationWhoseJobIsDroppedIsCanceled(t *testing.T) {
	f := setUp(t).follower()
	f.handle(func(context.Context, pgx.Tx, probe) error { return Permanent(errors.New("no such address")) })
	begun := f.begin()
	f.deliver(begun)
	if err := Drop(t.Context(), f.database, begun.ID.String()); err != nil {
		t.Fatal(err)
	}
	f.want("dropped", begun, `"canceled"`)
}

func TestOperationsThatEndedLongAgoAreForgotten(t *testing.T) {
	f := setUp(t).follower()
	var fail error
	f.handle(func(context.Context, pgx.Tx, probe) error { return fail })
	ForgetOperations(f.mux, f.database, 24*time.Hour)
	old, fresh, waiting, dead, dropped := f.begin(), f.begin(), f.begin(At(time.Now().Add(time.Hour))), f.begin(), f.begin()
	for _, begun := range []Operation{old, fresh} {
		if err := f.run(t.Context(), begun.ID.String()); err != nil {
			t.Fatal(err)
		}
	}
	fail = Permanent(errors.New("no such address"))
	for _, begun := range []Operation{dead, dropped} {
		if err := f.run(t.Context(), begun.ID.String()); err != nil {
			t.Fatal(err)
		}
	}
	if err := Drop(t.Context(), f.database, dropped.ID.String()); err != nil {
		t.Fatal(err)
	}
	const age = `update jobs.operations set created_at = created_at - interval '25 hours',
		finished_at = finished_at - case when id = $1 then interval '25 hours' else interval '23 hours' end`
	if err := f.database.InTx(f.ctx, dbtest.Exec(age, old.ID)); err != nil {
		t.Fatal(err)
	}
	f.enqueue(nil, forgetOperations{})
	job := query[string](f.fixture, `select id::text from jobs.jobs where kind = 'jobs.forget_operations'`)[0]
	if err := f.runner.run(t.Context(), job, forgetOperations{}.Kind()); err != nil {
		t.Fatal(err)
	}
	left := map[id.UUID]bool{}
	rows, err := db.All[struct{ ID id.UUID }](f.ctx, f.database, `select id from jobs.operations`)
	for _, row := range rows {
		left[row.ID] = true
	}
	if diff := cmp.Diff(map[id.UUID]bool{fresh.ID: true, waiting.ID: true, dead.ID: true}, left); diff != "" || err != nil {
		t.Errorf("%v; the finished, the waiting and the dead are to be left:\n%s", err, diff)
	}
}

func TestAClientIsToldWhenToAskAgain(t *testing.T) {
	for want, o := range map[string]Operation{
		"1":  {Status: StatusPending, CreatedAt: time.Now()},
		"30": {Status: StatusRunning, CreatedAt: time.Now().Add(-5*time.Minute - time.Second)},
		"60": {Status: StatusRunning, CreatedAt: time.Now().Add(-time.Hour)},
		"":   {Status: StatusFailed, CreatedAt: time.Now()},
	} {
		if got := o.Answer().RetryAfter; got != want {
			t.Errorf("%s since %s: %q, want %q", o.Status, o.CreatedAt, got, want)
		}
	}
}

func TestAnOperationOfStepsSaysHowFarItIsAndThatItWasCanceled(t *testing.T) {
	f := setUp(t).follower()
	handleSteps(f.mux, f.database, func(int) error { return nil })
	begun := f.begin()
	f.goOn(4)
	f.want("after four steps", begun, `"pending" "progress":{"done":4,"total":10}`)
	f.goOn(stepsInAll)
	f.want("after the last", begun, `"succeeded"`)

	for _, begins := range []bool{false, true} {
		begun = f.begin()
		if begins {
			// A cancel that comes while a step runs, which is the last then.
			f.exec(`insert into jobs.steps (job_id, canceled) values ($1, true)`, begun.ID)
			f.goOn(1)
		} else if _, err := Cancel(t.Context(), f.database, begun.ID.String()); err != nil {
			t.Fatal(err)
		}
		f.want(fmt.Sprintf("canceled, begun: %v", begins), begun, `"canceled"`)
	}
}
