package jobstest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/jobs"
)

// Run tests the engine of a provider.
func Run(t *testing.T, p Provider) {
	t.Helper()
	for _, sentence := range []struct {
		says string
		test func(*testing.T, Provider)
	}{
		{"every job has one effect while workers come and go", comeAndGo},
		{"a slow job is not taken for lost", slow},
		{"a failed job is not done because its delivery ended", failed},
		{"critical jobs go first", criticalFirst},
		{"every queue goes on though those before it are never empty", everyQueueGoesOn},
		{"a vendor that hangs holds up its own queue only", vendorHangs},
		{"no tenant waits for the backlog of another", fair},
		{"a scheduled job is done", scheduled},
		{"a stop fetches no more, waits, ends the contexts, and puts back", stopInOrder},
		{"a handler that ignores its context has one effect", ignoresContext},
		{"nothing runs after a stop", nothingRuns},
	} {
		t.Run(sentence.says, func(t *testing.T) { sentence.test(t, p) })
	}
}

func comeAndGo(t *testing.T, p Provider) {
	s := New(t, p)
	s.Handle(Note)
	const load, rounds = 600, 6
	for round := range rounds {
		stop := s.Start(t)
		s.Enqueue(t, round*load/rounds, (round+1)*load/rounds-1)
		s.Await(t, load/rounds/2)
		if err := stop(patience); err != nil {
			t.Error(err)
		}
	}
	s.Run(t)
	left, _, _ := s.Count(t)
	for deadline := time.Now().Add(time.Minute); left > 0 && time.Now().Before(deadline); left, _, _ = s.Count(t) {
		time.Sleep(10 * time.Millisecond)
	}
	if left, effects, distinct := s.Count(t); left != 0 || effects != load || distinct != load {
		t.Errorf("%d jobs left, %d effects of %d jobs", left, effects, distinct)
	}
}

// While the slow job runs, others are made that were fetched when it was, by a process that is no more. When one of them is done
// the sweeper has looked at the slow one, too.
func slow(t *testing.T, p Provider) {
	s := New(t, p)
	var runs atomic.Int64
	started, release := make(chan struct{}, 10), make(chan struct{})
	s.Handle(func(ctx context.Context, tx pgx.Tx, job Probe) error {
		if job.Number == 0 {
			runs.Add(1)
			started <- struct{}{}
			<-release
		}
		return Note(ctx, tx, job)
	})
	s.Enqueue(t, 0, 0)
	s.Run(t)
	<-started
	const lost = 3
	for number := range lost {
		s.abandon(t, number+1, 0)
		s.Await(t, 1)
	}
	close(release)
	s.Await(t, 1)
	if left, effects, _ := s.Count(t); runs.Load() != 1 || left != 0 || effects != lost+1 {
		t.Errorf("%d runs, %d jobs left, %d effects", runs.Load(), left, effects)
	}
}

// number returns what is counted.
func (s *Station) number(t *testing.T, sql string) (n int) {
	t.Helper()
	err := s.Database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error { return tx.QueryRow(ctx, sql).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// abandon makes a job that was fetched when another was.
func (s *Station) abandon(t *testing.T, number, when int) {
	t.Helper()
	const find = `select id from jobs.jobs where (payload->>'Number')::integer = $1`
	err := s.Database.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if err := jobs.Enqueue(ctx, tx, Probe{number}); err != nil {
			return err
		}
		var job, other [16]byte
		if err := tx.QueryRow(ctx, find, number).Scan(&job); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, find, when).Scan(&other); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, s.provider.Abandon, job, other)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func failed(t *testing.T, p Provider) {
	s := New(t, p)
	runs := make(chan struct{}, 10)
	s.Handle(func(ctx context.Context, tx pgx.Tx, job Probe) error {
		runs <- struct{}{}
		if len(runs) == 1 {
			return errors.New("not today")
		}
		return Note(ctx, tx, job)
	})
	s.Enqueue(t, 1, 1)
	s.Run(t)
	for failures := 0; failures == 0; time.Sleep(10 * time.Millisecond) {
		failures = s.number(t, `select count(*) from jobs.jobs where attempts = 1`)
	}
	s.Exec(t, `update jobs.jobs set run_at = now()`)
	s.Await(t, 1)
	if left, effects, _ := s.Count(t); left != 0 || effects != 1 || len(runs) != 2 {
		t.Errorf("%d jobs left, %d effects, %d runs", left, effects, len(runs))
	}
}

func criticalFirst(t *testing.T, p Provider) {
	s := New(t, p)
	started, release := make(chan int, 100), make(chan struct{})
	s.Handle(func(_ context.Context, _ pgx.Tx, job Probe) error {
		started <- job.Number
		<-release
		return nil
	})
	s.Enqueue(t, 0, Workers-1)
	s.Run(t)
	for range Workers {
		<-started
	}
	// Nobody is free now. The critical ones come last, and the engine has them before a worker asks for one.
	s.Enqueue(t, 100, 119, jobs.Queue(jobs.Bulk))
	s.Enqueue(t, 200, 219)
	s.handedOver(t)
	s.Enqueue(t, 300, 299+Workers, jobs.Queue(jobs.Critical))
	s.handedOver(t)
	s.Enqueue(t, 120, 120, jobs.Queue(jobs.Bulk))
	s.handedOver(t)
	for range Workers {
		release <- struct{}{}
	}
	for range Workers {
		if number := <-started; number < 300 {
			t.Errorf("job %d is among the first", number)
		}
	}
	close(release)
	s.Await(t, 2*Workers+41)
}

// handedOver waits until a relay has taken all jobs, and so has pushed those that it took before. An engine without one, of which
// jobs.jobs is a view, takes them from Postgres itself.
func (s *Station) handedOver(t *testing.T) {
	t.Helper()
	const left = `
		select count(*) from jobs.jobs
		where pushed_at is null and (select relkind from pg_class where oid = 'jobs.jobs'::regclass) = 'r'`
	for s.number(t, left) > 0 {
		time.Sleep(time.Millisecond)
	}
}

func vendorHangs(t *testing.T, p Provider) {
	for vendor, most := range jobs.Vendors() {
		s := New(t, p)
		var begun atomic.Int64
		release := make(chan struct{})
		s.Handle(func(_ context.Context, _ pgx.Tx, job Probe) error {
			if job.Number > 0 {
				begun.Add(1)
				<-release
			}
			return nil
		})
		s.Enqueue(t, 1, Workers+most, jobs.Queue(vendor))
		s.Run(t)
		s.Enqueue(t, 0, 0)
		s.Await(t, 1)
		if n := begun.Load(); n > int64(most) {
			t.Errorf("%s: %d jobs run at once", vendor, n)
		}
		close(release)
		s.Await(t, Workers+most)
	}
}

func scheduled(t *testing.T, p Provider) {
	s := New(t, p)
	s.Handle(Note)
	jobs.Every(s.Mux, "often", jobs.Interval(10*time.Millisecond), Probe{1})
	s.Run(t)
	s.Await(t, 1)
}
