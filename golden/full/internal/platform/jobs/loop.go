package jobs

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"
)

// loop does a step again and again: at once while there is more, after a pause when there is not, and after ever longer
// pauses while it fails.
type loop struct {
	name  string
	pause time.Duration
	worst time.Duration
	step  func(context.Context) (more bool, err error)
	log   *slog.Logger
}

// run returns when ctx ends. The first failure of a row is logged, and its end: one line a try would drown the others.
func (l loop) run(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		more, err := l.step(ctx)
		switch {
		case err == nil && failures > 0:
			l.log.InfoContext(ctx, l.name+" works again", "failures", failures)
			failures = 0
		case err != nil && ctx.Err() == nil:
			if failures == 0 {
				l.log.WarnContext(ctx, l.name+" fails, and is tried again", "error", err)
			}
			failures++
		}
		if !more || err != nil {
			wait(ctx, l.delay(failures))
		}
	}
}

// delay is the pause after so many failures in a row. It is jittered, so that the processes that lost a server together do
// not come back together.
func (l loop) delay(failures int) time.Duration {
	ceiling := l.pause
	for range failures {
		ceiling = min(2*ceiling, l.worst)
	}
	return ceiling/2 + rand.N(ceiling/2+1)
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
