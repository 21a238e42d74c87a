package jobs

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var errAway = errors.New("server is away")

// record runs the loop in a bubble of fake time, for as many steps as there are answers, and returns the pauses between them.
func record(t *testing.T, log *slog.Logger, answers ...error) (pauses []time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		last, steps := time.Now(), 0
		step := func(context.Context) (bool, error) {
			pauses = append(pauses, time.Since(last))
			last = time.Now()
			err := answers[steps]
			if steps++; steps == len(answers) {
				cancel()
			}
			return false, err
		}
		loop{name: "job relay", pause: 200 * time.Millisecond, worst: 10 * time.Second, step: step, log: log}.run(ctx)
	})
	return pauses[1:]
}

func TestPausesGrowWhileTheStepFailsAndShrinkWhenItWorksAgain(t *testing.T) {
	away := []error{errAway, errAway, errAway, errAway, errAway, errAway, errAway, errAway}
	pauses := record(t, slog.New(slog.DiscardHandler), append(away, nil, nil)...)
	ceilings := []int{400, 800, 1600, 3200, 6400, 10000, 10000, 10000, 200}
	if len(pauses) != len(ceilings) {
		t.Fatalf("got %d pauses, want %d", len(pauses), len(ceilings))
	}
	for i, pause := range pauses {
		if ceiling := time.Duration(ceilings[i]) * time.Millisecond; pause < ceiling/2 || pause > ceiling {
			t.Errorf("pause %d is %v, want between half of %v and all of it", i, pause, ceiling)
		}
	}
}

func TestProcessesThatLostAServerTogetherDoNotComeBackTogether(t *testing.T) {
	l := loop{pause: 200 * time.Millisecond, worst: 10 * time.Second}
	seen := map[time.Duration]bool{}
	for range 100 {
		seen[l.delay(8)] = true
	}
	if len(seen) < 90 {
		t.Errorf("%d different pauses of 100", len(seen))
	}
}

func TestAStepThatHasMoreIsDoneAgainAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		start, steps := time.Now(), 0
		step := func(context.Context) (bool, error) {
			if steps++; steps == 5 {
				cancel()
			}
			return true, nil
		}
		loop{pause: time.Hour, worst: time.Hour, step: step, log: slog.New(slog.DiscardHandler)}.run(ctx)
		if steps != 5 || time.Since(start) != 0 {
			t.Errorf("%d steps in %v", steps, time.Since(start))
		}
	})
}

func TestAnOutageIsTwoLinesInTheLog(t *testing.T) {
	var out bytes.Buffer
	record(t, slog.New(slog.NewTextHandler(&out, nil)), nil, errAway, errAway, errAway, errAway, nil, nil)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], errAway.Error()) || !strings.Contains(lines[1], "failures=4") {
		t.Errorf("got\n%s", out.String())
	}
}
