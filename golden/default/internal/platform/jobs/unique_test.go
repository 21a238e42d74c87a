package jobs

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
)

// reminder is a job of another kind than probe.
type reminder struct{}

// Kind implements Job.
func (reminder) Kind() string { return "probe.remind" }

func TestOfAUniqueJobOneIsPending(t *testing.T) {
	f := setUp(t)
	here, there := id.New(), id.New()
	for _, test := range []struct {
		tenant id.UUID
		job    Job
		key    []Option
		want   error
	}{
		{here, probe{"a"}, []Option{Unique("k")}, nil},
		{here, probe{"b"}, []Option{Unique("k")}, ErrPending},
		{here, probe{"c"}, []Option{Unique("other")}, nil},
		{here, probe{"d"}, nil, nil},
		{here, probe{"e"}, nil, nil},
		{here, reminder{}, []Option{Unique("k")}, nil},
		{there, probe{"f"}, []Option{Unique("k")}, nil},
		{id.UUID{}, probe{"g"}, []Option{Unique("k")}, nil},
		{id.UUID{}, probe{"h"}, []Option{Unique("k")}, ErrPending},
	} {
		ctx := authz.With(t.Context(), authz.System(test.tenant))
		err := f.database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			err := Enqueue(ctx, tx, test.job, test.key...)
			if !errors.Is(err, test.want) {
				t.Errorf("%v: got %v, want %v", test.job, err, test.want)
			}
			return probe{"effect"}.note(ctx, tx) // the transaction goes on
		})
		if err != nil {
			t.Errorf("%v: the transaction ended with %v", test.job, err)
		}
	}
	got := query[string](f, `select coalesce(payload->>'Name', 'reminder') from jobs.jobs order by 1`)
	if diff := cmp.Diff([]string{"a", "c", "d", "e", "f", "g", "reminder"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAUniqueJobIsFreedWhenItIsDoneOrGivenUp(t *testing.T) {
	for name, test := range map[string]struct {
		outcome error
		want    error
	}{
		"done":     {nil, nil},
		"given up": {Permanent(errors.New("no such address")), nil},
		"failed":   {errors.New("not today"), ErrPending},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			f.handle(func(context.Context, pgx.Tx, probe) error { return test.outcome })
			if err := f.run(t.Context(), f.enqueue([]Option{Unique("k")}, probe{"a"})[0]); err != nil {
				t.Fatal(err)
			}
			err := f.database.As("probe").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
				return Enqueue(ctx, tx, probe{"b"}, Unique("k"))
			})
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestWhileAUniqueJobRunsAnotherIsRefusedAndDoesNotWait(t *testing.T) {
	f := setUp(t)
	var second error
	f.handle(func(ctx context.Context, _ pgx.Tx, _ probe) error {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		second = f.database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			return Enqueue(ctx, tx, probe{"b"}, Unique("k"))
		})
		return nil
	})
	if err := f.run(t.Context(), f.enqueue([]Option{Unique("k")}, probe{"a"})[0]); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(second, ErrPending) {
		t.Errorf("got %v", second)
	}
	if left := query[string](f, state); len(left) != 0 {
		t.Errorf("jobs %v", left)
	}
}

func TestOfTwoTransactionsWithOneKeyTheSecondWaitsForTheFirst(t *testing.T) {
	for name, test := range map[string]struct {
		first error
		want  error
	}{
		"that commits":        {nil, ErrPending},
		"that is rolled back": {errors.New("changed my mind"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			second := make(chan error)
			enqueue := func(then func() error) error {
				return f.database.As("probe").InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
					return errors.Join(Enqueue(ctx, tx, probe{"a"}, Unique("k")), then())
				})
			}
			err := enqueue(func() error {
				go func() { second <- enqueue(func() error { return nil }) }()
				return test.first
			})
			if !errors.Is(err, test.first) {
				t.Fatal(err)
			}
			if err := <-second; !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if n := len(query[string](f, `select id::text from jobs.jobs`)); n != 1 {
				t.Errorf("%d jobs", n)
			}
		})
	}
}
