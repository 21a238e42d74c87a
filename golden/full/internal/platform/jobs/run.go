package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
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

	// tenant is that in which the job was enqueued, or "".
	tenant string

	// steps is how far the job has come, if it is one of steps.
	steps *steps
}

// run does the job with the given id if it is still to be done. It returns nil if the engine may forget the delivery: the
// job is done, was done before, or its failure is recorded. Else the engine delivers it again.
func (r *runner) run(ctx context.Context, id string) error {
	if err := r.begin(ctx, id); err != nil {
		return err
	}
	var job row
	start := time.Now()
	err := r.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		locked, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		job = locked
		return r.do(job.context(ctx), tx, &job)
	})
	switch {
	case err == nil && job.steps != nil && job.steps.more:
		r.log.InfoContext(job.context(ctx), "job goes on", "done", job.steps.done, "total", job.steps.total, "took", time.Since(start))
		return nil
	case err == nil:
		r.log.InfoContext(job.context(ctx), "job done", "attempt", job.attempts+1, "took", time.Since(start))
		return nil
	case errors.Is(err, errGone):
		return nil
	case errors.Is(err, ErrBusy):
		return err
	case job.id == "":
		return fmt.Errorf("take job %s: %w", id, err)
	default:
		return r.failed(job.context(ctx), job, err)
	}
}

// lock takes the row for this transaction. It does not wait: who holds the lock is running the job. A job that is not due is
// none of ours: it failed after this delivery was made, and the relay will push it when its time has come.
func lock(ctx context.Context, tx pgx.Tx, id string) (row, error) {
	const take = `
		select id::text, kind, payload, attempts, request_id, traceparent, coalesce(tenant_id::text, '') from jobs.jobs
		where id = $1 and run_at <= now() for update skip locked`
	var job row
	err := tx.QueryRow(ctx, take, id).Scan(&job.id, &job.kind, &job.payload, &job.attempts, &job.requestID, &job.trace, &job.tenant)
	if !errors.Is(err, pgx.ErrNoRows) {
		return job, err
	}
	var held bool
	const look = `select exists (select from jobs.jobs where id = $1 and run_at <= now())`
	if err := tx.QueryRow(ctx, look, id).Scan(&held); err != nil {
		return row{}, err
	}
	if held {
		return row{}, ErrBusy
	}
	return row{}, errGone
}

// do runs the handler as its own role and then deletes the row as ours. Both are in tx.
func (r *runner) do(ctx context.Context, tx pgx.Tx, job *row) error {
	h := r.mux.find(job.kind)
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	if h.steps {
		var err error
		if ctx, job.steps, err = resume(ctx, tx, job.id); err != nil {
			return err
		}
	}
	as := h.database
	if as == nil {
		as = r.database
	}
	// The limits that the transaction began with are those of a request, and would end the connection of a handler that is busy
	// elsewhere for a few seconds.
	const limits = `
		select set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true)`
	if err := as.ExecAs(ctx, tx, limits, strconv.FormatInt(h.timeout.Milliseconds(), 10)); err != nil {
		return fmt.Errorf("become the handler's role: %w", err)
	}
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
