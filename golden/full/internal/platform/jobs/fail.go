package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// recordTimeout bounds the writing down of a failure, which must happen although the job's own context has ended.
	recordTimeout = 2 * time.Second

	// maxError is how many bytes of an error are kept.
	maxError = 8 << 10

	// maxLine is how many bytes of it stand in the line of its attempt; the statements keep 32 lines.
	maxLine = 300
)

// failed records what cause did to a job, in a transaction of its own. It returns nil if that is recorded.
func (r *runner) failed(ctx context.Context, job row, cause error) error {
	v := r.judge(job, cause)
	if ctx.Err() != nil {
		// The program is being stopped: that is not the job's fault and does not count.
		v = verdict{level: slog.LevelInfo, outcome: "job put back", record: putBack}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err := r.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, v.record, append([]any{job.id, job.attempts}, v.args...)...)
		return err
	})
	if err != nil {
		return fmt.Errorf("record the failure of job %s: %w (it was: %w)", job.id, err, cause)
	}
	r.log.Log(ctx, v.level, v.outcome, "attempt", job.attempts+1, "retry_in", v.delay, "error", cause)
	return nil
}

// What becomes of a job that failed. The parameters are its id, its attempts, and those of the verdict. The attempts guard
// against a job that was delivered twice and failed twice: the second failure finds nothing to change.
const (
	putBack = `update jobs.jobs set pushed_at = null, deliveries = greatest(deliveries - 1, 0) where id = $1 and attempts = $2`

	tryAgain = `
		update jobs.jobs
		set attempts = attempts + 1, last_error = $3, errors = (errors || $4::text)[greatest(cardinality(errors) - 30, 1):],
			run_at = now() + make_interval(secs => $5), pushed_at = null, deliveries = 0
		where id = $1 and attempts = $2`

	giveUp = `
		with given_up as (delete from jobs.jobs where id = $1 and attempts = $2 returning *)
		insert into jobs.dead_letters (id, kind, queue, payload, attempts, last_error, errors, request_id, traceparent, tenant_id, actor_id, created_at)
		select id, kind, queue, payload, attempts + 1, $3, (errors || $4::text)[greatest(cardinality(errors) - 30, 1):],
			request_id, traceparent, tenant_id, actor_id, created_at
		from given_up`
)

// verdict is what a failure means for its job.
type verdict struct {
	level   slog.Level
	outcome string
	delay   time.Duration
	record  string // a statement whose parameters are the id, the attempts, and args
	args    []any
}

func (r *runner) judge(job row, cause error) verdict {
	if v, refused := job.outcome.refused(cause); refused {
		return v
	}
	attempt, text := job.attempts+1, clean(cause)
	story := line(attempt, text, time.Now())
	_, permanent := errors.AsType[permanentError](cause)
	if permanent || attempt >= r.mux.find(job.kind).attempts {
		return verdict{level: slog.LevelError, outcome: "job given up", record: giveUp, args: []any{text, story}}
	}
	delay := r.backoff(attempt)
	if later, ok := errors.AsType[retryAfterError](cause); ok {
		delay = max(delay, later.after)
	}
	return verdict{
		level: slog.LevelWarn, outcome: "job failed", delay: delay,
		record: tryAgain, args: []any{text, story, delay.Seconds()},
	}
}

const (
	backoffFloor = time.Second
	backoffBase  = 2 * time.Second
	backoffCap   = 30 * time.Minute
)

// backoff returns how long to wait after the given attempt, counted from 1: full jitter, so that jobs that failed together
// do not come back together. The floor gives the engine the time to forget the delivery that has just failed.
func backoff(attempt int) time.Duration {
	ceiling := backoffCap
	if attempt < 20 {
		ceiling = min(backoffBase<<(attempt-1), backoffCap)
	}
	return backoffFloor + rand.N(ceiling)
}

// clean makes the text of an error storable: Postgres refuses NUL and what is not UTF-8.
func clean(err error) string {
	text := err.Error()
	text = text[:min(len(text), maxError)]
	return strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\x00", "?")
}

// line is what is kept of one attempt when there are others after it: the time, its number and the first line of its error.
func line(attempt int, text string, at time.Time) string {
	first, _, _ := strings.Cut(text, "\n")
	first = strings.ToValidUTF8(first[:min(len(first), maxLine)], "?")
	return fmt.Sprintf("%s %d: %s", at.UTC().Format(time.RFC3339), attempt, first)
}
