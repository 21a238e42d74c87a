package riverengine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"example.com/myapp/internal/platform/jobs"
)

func TestEveryJobHasOneEffectWhileWorkersComeAndGo(t *testing.T) {
	s := newStation(t)
	s.handle(note)
	const load, rounds = 600, 6
	for round := range rounds {
		stop := s.start(t)
		s.enqueue(t, round*load/rounds, (round+1)*load/rounds-1)
		s.await(t, load/rounds/2)
		stop(20 * time.Second)
	}
	stop := s.start(t)
	defer stop(20 * time.Second)
	left, _, _ := s.count(t)
	for deadline := time.Now().Add(time.Minute); left > 0 && time.Now().Before(deadline); left, _, _ = s.count(t) {
		time.Sleep(10 * time.Millisecond)
	}
	if left, effects, distinct := s.count(t); left != 0 || effects != load || distinct != load {
		t.Errorf("%d jobs left, %d effects of %d jobs", left, effects, distinct)
	}
}

func TestJobsThatADeadProcessHadFetchedAreRun(t *testing.T) {
	s := newStation(t)
	s.handle(note)
	s.enqueue(t, 1, 3)
	// What a process leaves that was killed: rows that are marked as running, and that nobody holds.
	s.exec(t, `update jobs.river_job set state = 'running', attempt = 1, attempted_at = now() - interval '1 minute'`)
	defer s.start(t)(20 * time.Second)
	s.await(t, 3)
	if left, effects, _ := s.count(t); left != 0 || effects != 3 {
		t.Errorf("%d jobs left, %d effects", left, effects)
	}
}

func TestASlowJobIsNotTakenForLost(t *testing.T) {
	s := newStation(t)
	var runs atomic.Int64
	s.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		runs.Add(1)
		time.Sleep(1500 * time.Millisecond) // three times as long as the sweeper of the test waits
		return note(ctx, tx, p)
	})
	s.enqueue(t, 1, 1)
	defer s.start(t)(20 * time.Second)
	s.await(t, 1)
	if n := runs.Load(); n != 1 {
		t.Errorf("%d runs", n)
	}
}

func TestAFailedJobIsNotDoneBecauseItsDeliveryEnded(t *testing.T) {
	s := newStation(t)
	var runs atomic.Int64
	s.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		if runs.Add(1) == 1 {
			return errors.New("not today")
		}
		return note(ctx, tx, p)
	})
	s.enqueue(t, 1, 1)
	defer s.start(t)(20 * time.Second)
	s.await(t, 1)
	if left, effects, _ := s.count(t); left != 0 || effects != 1 || runs.Load() != 2 {
		t.Errorf("%d jobs left, %d effects, %d runs", left, effects, runs.Load())
	}
}

func TestCriticalJobsGoFirst(t *testing.T) {
	s := newStation(t)
	const workers = 8
	started, release := make(chan int, 100), make(chan struct{})
	s.handle(func(_ context.Context, _ pgx.Tx, p probe) error {
		started <- p.Number
		<-release
		return nil
	})
	s.enqueue(t, 100, 130, jobs.Queue(jobs.Low))
	s.enqueue(t, 1, workers, jobs.Queue(jobs.Critical))
	stop := s.start(t)
	for range workers {
		if number := <-started; number > workers {
			t.Errorf("job %d is among the first", number)
		}
	}
	close(release)
	s.await(t, workers+31)
	stop(20 * time.Second)
}

func TestStopEndsTheContextOfHandlersThatTakeTooLong(t *testing.T) {
	s := newStation(t)
	started := make(chan struct{})
	s.handle(func(ctx context.Context, tx pgx.Tx, p probe) error {
		if err := note(ctx, tx, p); err != nil {
			return err
		}
		close(started)
		<-ctx.Done()
		return ctx.Err()
	})
	s.enqueue(t, 1, 1)
	stop := s.start(t)
	<-started
	stop(4 * time.Second)
	if left, effects, _ := s.count(t); left != 1 || effects != 0 {
		t.Errorf("%d jobs left, %d effects", left, effects)
	}
}

func TestAScheduledJobIsDone(t *testing.T) {
	s := newStation(t)
	s.handle(note)
	jobs.Every(s.mux, "often", jobs.Interval(10*time.Millisecond), probe{1})
	defer s.start(t)(20 * time.Second)
	s.await(t, 1)
}

func TestNothingRunsAfterStop(t *testing.T) {
	s := newStation(t)
	s.handle(note)
	before := goleak.IgnoreCurrent()
	stop := s.start(t)
	s.enqueue(t, 1, 1)
	s.await(t, 1)
	stop(10 * time.Second)
	s.database.Close()
	goleak.VerifyNone(t, before)
}
