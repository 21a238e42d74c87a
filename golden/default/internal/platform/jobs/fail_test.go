package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

type mail struct{ To string }

func (mail) Kind() string { return "test.mail" }

func judgeWith(t *testing.T, attempts int, cause error) verdict {
	t.Helper()
	mux := NewMux()
	Handle(mux, nil, func(context.Context, pgx.Tx, mail) error { return nil }, Attempts(3))
	r := runner{mux: mux, log: slog.New(slog.DiscardHandler), backoff: func(int) time.Duration { return time.Minute }}
	return r.judge(row{kind: "test.mail", attempts: attempts}, cause)
}

func TestTheLastAttemptGivesUp(t *testing.T) {
	refused := errors.New("refused")
	for attempts, want := range []string{tryAgain, tryAgain, giveUp, giveUp} {
		if got := judgeWith(t, attempts, refused); got.record != want {
			t.Errorf("after %d attempts: %s", attempts, got.outcome)
		}
	}
}

func TestAPermanentErrorGivesUpAtOnceHoweverItIsWrapped(t *testing.T) {
	cause := fmt.Errorf("send: %w", Permanent(errors.New("no such address")))
	if got := judgeWith(t, 0, cause); got.record != giveUp || got.args[0] != "send: no such address" {
		t.Errorf("got %+v", got)
	}
}

func TestRetryAfterIsHonouredIfItIsLonger(t *testing.T) {
	busy := errors.New("429")
	for after, want := range map[time.Duration]time.Duration{time.Hour: time.Hour, time.Second: time.Minute} {
		got := judgeWith(t, 0, fmt.Errorf("send: %w", RetryAfter(busy, after)))
		if got.delay != want || got.record != tryAgain {
			t.Errorf("RetryAfter(%v): got %v, want %v", after, got.delay, want)
		}
	}
}

func TestMarkingNoErrorIsNoError(t *testing.T) {
	if Permanent(nil) != nil || RetryAfter(nil, time.Second) != nil {
		t.Error("an error was made of nil")
	}
}

func TestBackoffIsSpreadOverItsWholeRangeAndEnds(t *testing.T) {
	for attempt, ceiling := range map[int]time.Duration{
		1: 2 * time.Second, 2: 4 * time.Second, 10: 1024 * time.Second, 11: 30 * time.Minute, 1000: 30 * time.Minute,
	} {
		least, most := time.Hour, time.Duration(0)
		for range 1000 {
			d := backoff(attempt)
			least, most = min(least, d), max(most, d)
		}
		if least < time.Second || least > time.Second+ceiling/10 || most > time.Second+ceiling || most < ceiling*9/10 {
			t.Errorf("attempt %d waits from %v to %v", attempt, least, most)
		}
	}
}

func TestTheTextOfAnErrorIsMadeStorable(t *testing.T) {
	got := clean(errors.New("nul \x00 and half a rune \xe2\x82" + strings.Repeat("€", maxError)))
	if !utf8.ValidString(got) || strings.Contains(got, "\x00") || len(got) > maxError+3 {
		t.Errorf("%d bytes, starts %q", len(got), got[:40])
	}
}
