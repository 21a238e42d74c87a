package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// ErrCanceled is what a job in steps is given up for that was canceled.
var ErrCanceled = errors.New("the job was canceled")

// steps is how far a job in steps has come.
type steps struct {
	checkpoint  []byte // null before the first step has ended
	canceled    bool
	done, total int64

	// more says that another step follows.
	more bool
}

type stepsKey struct{}

// HandleSteps makes fn the handler of jobs of type J that are done in steps. Each call of fn is one step, in a transaction of its
// own: what it does, and the checkpoint that it leaves by Next, commit together. It begins with Resume. A step that does not
// call Next is the last. After a crash, a stop or a failure the job goes on with the step that was not committed.
//
// Attempts and Timeout are those of one step. A step should take seconds: the next one may begin in another process, and a cancel
// takes effect between two.
func HandleSteps[J Job](m *Mux, d *db.DB, fn func(ctx context.Context, tx pgx.Tx, job J) error, limits ...Limit) {
	Handle(m, d, fn, append(limits, func(h *handler) { h.steps = true })...)
}

// Resume reads into v the checkpoint of the step before. In the first step it leaves v as it is.
func Resume(ctx context.Context, v any) error {
	s, _ := ctx.Value(stepsKey{}).(*steps)
	if s == nil || s.checkpoint == nil {
		return nil
	}
	if err := json.Unmarshal(s.checkpoint, v); err != nil {
		return Permanent(fmt.Errorf("decode the checkpoint: %w", err))
	}
	return nil
}

// Next makes v the checkpoint that the next step begins with, and says how much is done of how much, for people who look. V is a
// place in the work, and nothing about a person: it is not erased with one. A step that returns an error leaves none.
func Next(ctx context.Context, v any, done, total int64) error {
	s, _ := ctx.Value(stepsKey{}).(*steps)
	if s == nil {
		return Permanent(errors.New("the handler of the job is not one of steps"))
	}
	checkpoint, err := json.Marshal(v)
	if err != nil {
		return Permanent(fmt.Errorf("encode the checkpoint: %w", err))
	}
	s.checkpoint, s.done, s.total, s.more = checkpoint, done, total, true
	return nil
}

// takeStep is take of a job in steps: the row is there until its last step has ended.
var takeStep = strings.ReplaceAll(take, "unique_key is not null", "true")

const selectSteps = `select checkpoint, canceled from jobs.steps where job_id = $1`

// read reads how far the job has come, before its first step nothing.
func (s *steps) read(rows pgx.Rows) error {
	if !rows.Next() {
		return rows.Err()
	}
	return rows.Scan(&s.checkpoint, &s.canceled)
}

// end ends a step: it keeps the checkpoint and makes the job due again, or forgets it after the last. A step that ends is a beat,
// and wipes out the failures before it. The handler may have left another role than that of the jobs.
func (s *steps) end(ctx context.Context, tx pgx.Tx, jobs *db.DB, job string) error {
	if !s.more {
		// And what is left of jobs that are gone: they were dropped, or erased.
		const forget = `
			delete from jobs.steps s where job_id = $1 or not exists (select from jobs.jobs j where j.id = s.job_id)
				and not exists (select from jobs.dead_letters d where d.id = s.job_id)`
		return jobs.ExecAs(ctx, tx, forget, job)
	}
	const keep = `
		insert into jobs.steps (job_id, checkpoint, done, total) values ($1, $2, $3, $4)
		on conflict (job_id) do update set checkpoint = $2, done = $3, total = $4, beat_at = now()`
	if err := jobs.ExecAs(ctx, tx, keep, job, string(s.checkpoint), s.done, s.total); err != nil {
		return fmt.Errorf("keep the checkpoint: %w", err)
	}
	const again = `update jobs.jobs set attempts = 0, deliveries = 0, pushed_at = null, run_at = now() where id = $1`
	if err := jobs.ExecAs(ctx, tx, again, job); err != nil {
		return fmt.Errorf("make the next step due: %w", err)
	}
	return nil
}
