package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
)

func TestAJobThatIsGivenUpIsKeptAndCanBeRetried(t *testing.T) {
	f := setUp(t)
	fail := Permanent(errors.New("no such address"))
	f.handle(func(ctx context.Context, tx pgx.Tx, p probe) error { return errors.Join(p.note(ctx, tx), fail) })
	id := f.enqueue(nil, probe{"a"})[0]
	if err := f.run(t.Context(), id); err != nil {
		t.Fatal(err)
	}

	letters, err := DeadLetters(t.Context(), f.database, 10)
	if err != nil {
		t.Fatal(err)
	}
	withoutTime(letters)
	want := []DeadLetter{{
		ID: id, Kind: "probe.note", Queue: Default, Payload: json.RawMessage(`{"Name": "a"}`), Attempts: 1,
		LastError: "no such address", Errors: []string{"1: no such address"},
	}}
	if diff := cmp.Diff(want, letters, cmpopts.IgnoreFields(DeadLetter{}, "CreatedAt", "DiedAt")); diff != "" {
		t.Error(diff)
	}
	if left := query[string](f, state); len(left) != 0 || f.effects("a") != 0 {
		t.Errorf("%d effects, jobs %v", f.effects("a"), left)
	}

	fail = nil
	if err := Retry(t.Context(), f.database, id); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0 | no such address | due | here"}, query[string](f, state)); diff != "" {
		t.Error(diff)
	}
	if err := f.run(t.Context(), id); err != nil || f.effects("a") != 1 {
		t.Errorf("%d effects, %v", f.effects("a"), err)
	}
}

func TestRetryOfNoDeadLetterSaysSo(t *testing.T) {
	f := setUp(t)
	for _, letter := range []string{"", "a", "01890000-0000-7000-8000-000000000000", "00000000-0000-0000-0000-000000000000"} {
		if err := Retry(t.Context(), f.database, letter); !errors.Is(err, ErrNoDeadLetter) {
			t.Errorf("%q: got %v", letter, err)
		}
		if _, err := FindDeadLetter(t.Context(), f.database, letter); !errors.Is(err, ErrNoDeadLetter) {
			t.Errorf("%q is shown: got %v", letter, err)
		}
	}
}

func TestOfTwoDeliveriesThatFailOnlyTheFirstCounts(t *testing.T) {
	lost := errors.New("lost the connection")
	for _, second := range []error{lost, Permanent(lost)} {
		f := setUp(t)
		f.handle(func(context.Context, pgx.Tx, probe) error { return nil })
		job := row{id: f.enqueue(nil, probe{"a"})[0], kind: probe{}.Kind()}
		for _, cause := range []error{lost, second} {
			if err := f.runner.failed(t.Context(), job, cause); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"1 | lost the connection | later | here"}, query[string](f, state)); diff != "" {
			t.Errorf("%T: %s", second, diff)
		}
	}
}

func TestADeadLetterTellsHowEachTryEnded(t *testing.T) {
	f := setUp(t)
	const tries = 40
	n := 0
	f.handle(func(context.Context, pgx.Tx, probe) error {
		n++
		return fmt.Errorf("try %d %s\nand more", n, strings.Repeat("x", maxLine))
	}, Attempts(tries))
	id := f.enqueue(nil, probe{"a"})[0]
	for range tries {
		f.exec(`update jobs.jobs set run_at = now()`)
		if err := f.run(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	letter, err := FindDeadLetter(t.Context(), f.database, id)
	if err != nil {
		t.Fatal(err)
	}
	withoutTime([]DeadLetter{letter})
	var want []string
	for i := tries - 32 + 1; i <= tries; i++ {
		want = append(want, fmt.Sprintf("%d: %.*s", i, maxLine, fmt.Sprintf("try %d %s", i, strings.Repeat("x", maxLine))))
	}
	if diff := cmp.Diff(want, letter.Errors); diff != "" {
		t.Error(diff)
	}
}

// withoutTime takes away the time that each line of errors begins with.
func withoutTime(letters []DeadLetter) {
	for _, l := range letters {
		for i := range l.Errors {
			_, l.Errors[i], _ = strings.Cut(l.Errors[i], " ")
		}
	}
}
