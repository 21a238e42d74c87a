package jobstest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// Job 1 is done while the worker waits. Job 2 runs until its context ends; job 3 comes when that has happened.
func stopInOrder(t *testing.T, p Provider) {
	s := New(t, p)
	started, story, release := make(chan struct{}, 3), make(chan string, 5), make(chan struct{})
	s.Handle(func(ctx context.Context, tx pgx.Tx, job Probe) error {
		started <- struct{}{}
		if job.Number == 1 {
			<-release
			story <- "done"
			return Note(ctx, tx, job)
		}
		if err := Note(ctx, tx, job); err != nil {
			return err
		}
		<-ctx.Done()
		story <- "context ended"
		s.Enqueue(t, 3, 3)
		return ctx.Err()
	})
	s.Enqueue(t, 1, 2)
	stop := s.Start(t)
	<-started
	<-started
	go close(release)
	if err := stop(4 * time.Second); err != nil {
		t.Error(err)
	}
	close(story)
	var told []string
	for word := range story {
		told = append(told, word)
	}
	if diff := cmp.Diff([]string{"done", "context ended"}, told); diff != "" {
		t.Error(diff)
	}
	if left, effects, _ := s.Count(t); left != 2 || effects != 1 || len(started) != 0 {
		t.Errorf("%d jobs left, %d effects, %d begun after the stop", left, effects, len(started))
	}
}

// The first run goes on after the worker has given up on it, while another worker has begun.
func ignoresContext(t *testing.T, p Provider) {
	s := New(t, p)
	var runs atomic.Int64
	started, release := make(chan struct{}), make(chan struct{})
	s.Handle(func(ctx context.Context, tx pgx.Tx, job Probe) error {
		if runs.Add(1) == 1 {
			close(started)
			<-release
			ctx = context.WithoutCancel(ctx)
		}
		return Note(ctx, tx, job)
	})
	s.Enqueue(t, 1, 1)
	stop := s.Start(t)
	<-started
	if err := stop(3100 * time.Millisecond); err == nil {
		t.Error("the worker stopped, and a handler runs")
	}
	s.Run(t)
	close(release)
	s.Await(t, 1)
	if left, effects, _ := s.Count(t); left != 0 || effects != 1 || runs.Load() != 2 {
		t.Errorf("%d jobs left, %d effects, %d runs", left, effects, runs.Load())
	}
}

func nothingRuns(t *testing.T, p Provider) {
	s := New(t, p)
	s.Handle(Note)
	before := goleak.IgnoreCurrent()
	stop := s.Start(t)
	s.Enqueue(t, 1, 1)
	s.Await(t, 1)
	if err := stop(patience); err != nil {
		t.Error(err)
	}
	s.Database.Close()
	goleak.VerifyNone(t, before)
}
