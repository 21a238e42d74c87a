package jobs

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

// runner runs one delivered job at a time, for as many callers as there are.
type runner struct {
	database *db.DB // as the role of the schema jobs
	mux      *Mux
	log      *slog.Logger
	backoff  func(attempt int) time.Duration
}

// row is a job as it is stored.
type row struct {
	id        string
	kind      string
	payload   []byte
	attempts  int
	requestID string
	trace     string

	// held says that the row is there until the handler has returned.
	held bool

	// tenant is that in which the job was enqueued, or "".
	tenant string

	// steps is how far the job has come, if it is one of steps.
	steps *steps

	// outcome is for the client that follows it.
	outcome outcome
}

// run does the job with the given id if it is still to be done. It returns nil if the engine may forget the delivery: the
// job is done, was done before, or its failure is recorded. Else the engine delivers it again.
func (r *runner) run(ctx context.Context, id, kind string) error {
	var job row
	h, take, start := r.mux.find(kind), take, time.Now()
	if h.steps {
		take = takeStep
	}
	// The time is that of the handler: the limits of a request would end the connection of one that is busy elsewhere for a few seconds.
	b := r.database.Begin(ctx, h.timeout)
	b.Queue(r.database, job.read, take, id, kind)
	if h.steps {
		job.steps = &steps{}
		b.Queue(r.database, job.steps.read, selectSteps, id)
	}
	b.Queue(r.database, job.outcome.read, selectFollowed, id)
	b.Become(cmp.Or(h.database, r.database))
	err := b.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error { return r.do(job.context(ctx), tx, h, &job) })
	switch {
	case err == nil && job.steps != nil && job.steps.more:
		r.log.InfoContext(job.context(ctx), "job goes on", "done", job.steps.done, "total", job.steps.total, "took", time.Since(start))
		return nil
	case err == nil:
		r.log.InfoContext(job.context(ctx), "job done", "attempt", job.attempts+1, "took", time.Since(start))
		return nil
	case job.id != "":
		return r.failed(job.context(ctx), job, err)
	case db.NotFound(err):
		return r.look(ctx, id)
	default:
		return fmt.Errorf("take job %s: %w", id, err)
	}
}

// take deletes the row in the transaction that begins, and so takes it from everybody else, or locks it if others are to find its
// key. It does not wait: who holds the row is running the job. A job that is not due is none of ours: it failed after this
// delivery was made, and is delivered when its time has come. The transaction goes on in the tenant of the job.
const take = `
	with job as (
		select *, unique_key is not null as held from jobs.jobs where id = $1 and kind = $2 and run_at <= now() for update skip locked
	), done as (
		delete from jobs.jobs where id = $1 and exists (select from job where not held)
	)
	select id::text, kind, payload, attempts, request_id, traceparent, held,
		set_config('app.tenant_id', coalesce(tenant_id::text, ''), true) from job`

func (j *row) read(rows pgx.Rows) error {
	if !rows.Next() {
		return cmp.Or(rows.Err(), pgx.ErrNoRows)
	}
	return rows.Scan(&j.id, &j.kind, &j.payload, &j.attempts, &j.requestID, &j.trace, &j.held, &j.tenant)
}

// look says what became of a job that could not be taken.
func (r *runner) look(ctx context.Context, id string) error {
	const held = `select from jobs.jobs where id = $1 and run_at <= now()`
	_, err := db.One[struct{}](ctx, r.database, held, id)
	switch {
	case db.NotFound(err):
		return nil
	case err == nil:
		return ErrBusy
	}
	return fmt.Errorf("look at job %s: %w", id, err)
}

// do runs the handler, and deletes the row as ours if take did not.
func (r *runner) do(ctx context.Context, tx pgx.Tx, h handler, job *row) error {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	if job.steps != nil {
		if job.steps.canceled {
			return Permanent(ErrCanceled)
		}
		ctx = context.WithValue(ctx, stepsKey{}, job.steps)
	}
	ctx = context.WithValue(ctx, outcomeKey{}, &job.outcome)
	if err := h.call(ctx, tx, job.payload); err != nil {
		return err
	}
	if tx.Conn().PgConn().TxStatus() == 'E' {
		return errSwallowed
	}
	if job.steps != nil {
		if err := job.steps.end(ctx, tx, r.database, job.id); err != nil || job.steps.more {
			return err
		}
	}
	if job.outcome.followed {
		if err := job.outcome.end(ctx, tx, r.database, job.id); err != nil {
			return err
		}
	}
	if !job.held {
		return nil
	}
	if err := r.database.ExecAs(ctx, tx, `delete from jobs.jobs where id = $1`, job.id); err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	return nil
}

// context returns ctx in which the program acts in the tenant of the job, with what joins the job's log lines with those of
// the request that caused it.
func (j row) context(ctx context.Context) context.Context {
	tenant, _ := id.ParseUUID(j.tenant) // none is the zero UUID
	ctx = authz.With(ctx, authz.System(tenant))
	ctx = logging.WithTrace(logging.WithRequestID(ctx, j.requestID), j.trace)
	return logging.With(ctx, slog.String("job_id", j.id), slog.String("job", j.kind))
}
