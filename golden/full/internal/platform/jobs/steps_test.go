package jobs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/secret"
)

const stepsInAll = 10

// handleSteps makes the handler of probes one of ten steps, each of which notes its number. Before is called in each.
func handleSteps(m *Mux, d *db.DB, before func(step int) error, limits ...Limit) {
	HandleSteps(m, d.As("probe"), func(ctx context.Context, tx pgx.Tx, _ probe) error {
		step := 0
		if err := Resume(ctx, &step); err != nil {
			return err
		}
		if err := (probe{fmt.Sprint(step)}).note(ctx, tx); err != nil {
			return err
		}
		if err := before(step); err != nil || step == stepsInAll-1 {
			return err
		}
		return Next(ctx, step+1, int64(step+1), stepsInAll)
	}, limits...)
}

// goOn runs the only job as often as it takes until it is gone, at most n times.
func (f *fixture) goOn(n int) {
	f.t.Helper()
	for range n {
		f.exec(`update jobs.jobs set run_at = now()`)
		ids := query[string](f, `select id::text from jobs.jobs`)
		if len(ids) == 0 {
			return
		}
		if err := f.run(f.t.Context(), ids[0]); err != nil {
			f.t.Fatal(err)
		}
	}
}

// noted returns which steps had an effect, in order.
func (f *fixture) noted() []int {
	f.t.Helper()
	return query[int](f, `select name::integer from probe.effects order by 1`)
}

// allSteps are the numbers of all of them.
func allSteps() (steps []int) {
	for step := range stepsInAll {
		steps = append(steps, step)
	}
	return steps
}

func TestAStepThatFailsIsDoneAgainAndNoOtherIs(t *testing.T) {
	f := setUp(t)
	fails := []int{3, 3, 7}
	handleSteps(f.mux, f.database, func(step int) error {
		if i := slices.Index(fails, step); i >= 0 {
			fails = slices.Delete(fails, i, i+1)
			return errors.New("not today")
		}
		return nil
	}, Attempts(3))
	id := f.enqueue(nil, probe{"a"})[0]
	f.goOn(6)
	if got, err := Find(t.Context(), f.database, id); err != nil || got.Done != 4 || got.Total != stepsInAll || got.BeatAt == nil || got.Attempts != 0 {
		t.Errorf("after four steps: %+v, %v", got, err)
	}
	f.goOn(7)
	if diff := cmp.Diff(allSteps(), f.noted()); diff != "" {
		t.Error(diff)
	}
	if left := query[int](f, `select (select count(*) from jobs.jobs) + (select count(*) from jobs.steps) + (select count(*) from jobs.dead_letters)`); left[0] != 0 {
		t.Errorf("%d rows are left", left[0])
	}
}

func TestARetryOfADeadLetterGoesOnWhereItWas(t *testing.T) {
	f := setUp(t)
	fail := Permanent(errors.New("no such page"))
	handleSteps(f.mux, f.database, func(step int) error {
		if step == 5 {
			return fail
		}
		return nil
	})
	id := f.enqueue(nil, probe{"a"})[0]
	f.goOn(20)
	fail = nil
	if err := Retry(t.Context(), f.database, id); err != nil {
		t.Fatal(err)
	}
	f.goOn(20)
	if diff := cmp.Diff(allSteps(), f.noted()); diff != "" {
		t.Error(diff)
	}
}

func TestAJobThatIsCanceledEndsBeforeItsNextStep(t *testing.T) {
	f := setUp(t)
	var id string
	handleSteps(f.mux, f.database, func(step int) error {
		if step == 4 {
			waited, err := Cancel(t.Context(), f.database, id)
			if waited {
				t.Error("a job that runs is said to be deleted")
			}
			return err
		}
		return nil
	})
	id = f.enqueue(nil, probe{"a"})[0]
	f.goOn(20)
	if diff := cmp.Diff([]int{0, 1, 2, 3, 4}, f.noted()); diff != "" {
		t.Error(diff)
	}
	if letter, err := FindDeadLetter(t.Context(), f.database, id); err != nil || letter.LastError != ErrCanceled.Error() {
		t.Errorf("%+v, %v", letter, err)
	}
	waiting := f.enqueue(nil, probe{"b"})[0]
	if waited, err := Cancel(t.Context(), f.database, waiting); err != nil || !waited {
		t.Errorf("one that waits: %v, %v", waited, err)
	}
	for _, gone := range []string{waiting, id, "a", "00000000-0000-0000-0000-000000000000"} {
		if _, err := Cancel(t.Context(), f.database, gone); !errors.Is(err, ErrNoJob) {
			t.Errorf("%s: %v", gone, err)
		}
	}
}

func TestNothingIsLeftOfJobsInStepsThatAreGone(t *testing.T) {
	f := setUp(t)
	fail := Permanent(errors.New("no such page"))
	handleSteps(f.mux, f.database, func(step int) error {
		if step == 5 {
			return fail
		}
		return nil
	})
	dropped := f.enqueue(nil, probe{"a"})[0]
	f.goOn(20)
	kept := f.enqueue(nil, probe{"b"})[0]
	f.goOn(20)
	fail = nil
	erased := f.enqueue(nil, probe{"c"})[0]
	f.goOn(1)
	f.exec(`delete from jobs.jobs where id = $1`, erased)
	if err := Drop(t.Context(), f.database, dropped); err != nil {
		t.Fatal(err)
	}
	f.enqueue(nil, probe{"d"})
	f.goOn(20)
	if diff := cmp.Diff([]string{kept}, query[string](f, `select job_id::text from jobs.steps`)); diff != "" {
		t.Errorf("steps that are kept (-want +got):\n%s", diff)
	}
}

// halfway is the address of the database on which this process, when it is killed, does the first half of a job.
const halfway = "JOBS_TEST_HALFWAY"

func TestAJobWhoseProcessIsKilledGoesOnWhereItWas(t *testing.T) {
	if url := os.Getenv(halfway); url != "" {
		doHalf(t, url)
	}
	o := dbtest.Options(t, Schema(), probeSchema())
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	f := &fixture{t: t, database: database, mux: NewMux()}
	f.runner = &runner{database: database.As(schemaName), mux: f.mux, log: slog.New(slog.DiscardHandler), backoff: backoff}
	f.enqueue(nil, probe{"a"})

	half := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	half.Env = append(os.Environ(), halfway+"="+o.URL.Reveal())
	out, err := half.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := half.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "in step 5\n" {
		t.Errorf("%q, %v", line, err)
	}
	if err := half.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = half.Wait() // it was killed
	if diff := cmp.Diff([]int{0, 1, 2, 3, 4}, f.noted()); diff != "" {
		t.Errorf("before it goes on: %s", diff)
	}

	handleSteps(f.mux, f.database, func(int) error { return nil })
	for range 100 { // Postgres may take a moment to let go of the row
		f.exec(`update jobs.jobs set run_at = now()`)
		if err := runAll(t.Context(), f.database, f.mux); err != nil && !errors.Is(err, ErrBusy) {
			t.Fatal(err)
		}
		if len(query[string](f, `select id::text from jobs.jobs`)) == 0 {
			break
		}
	}
	if diff := cmp.Diff(allSteps(), f.noted()); diff != "" {
		t.Error(diff)
	}
}

// runAll runs the jobs that there are.
func runAll(ctx context.Context, d *db.DB, m *Mux) error {
	found, err := db.All[struct{ ID, Kind string }](ctx, d.As(schemaName), `select id::text, kind from jobs.jobs`)
	worker := NewWorker(d, nil, m, Options{Log: slog.New(slog.DiscardHandler)})
	for _, job := range found {
		err = errors.Join(err, worker.Run(ctx, job.ID, job.Kind))
	}
	return err
}

// doHalf runs jobs until it is killed in step 5, which has done its work and not committed.
func doHalf(t *testing.T, url string) {
	o := db.Options{URL: secret.New(url), MaxConns: 4, StatementTimeout: time.Minute, LockTimeout: time.Minute}
	database, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	mux := NewMux()
	handleSteps(mux, database, func(step int) error {
		if step == 5 {
			_, _ = os.Stdout.WriteString("in step 5\n")
			select {}
		}
		return nil
	})
	for {
		const now = `update jobs.jobs set run_at = now()`
		if err := database.InTx(t.Context(), dbtest.Exec(now)); err != nil {
			t.Fatal(err)
		}
		if err := runAll(t.Context(), database, mux); err != nil {
			t.Fatal(err)
		}
	}
}
