package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
)

// Operation is a job as the client sees it that asked for it. It says nothing of the job's fields, tries and errors.
type Operation struct {
	ID   id.UUID `json:"id"`
	Kind string  `json:"kind" doc:"What is done"`

	// Status is pending also between two tries, and after a dead letter is retried. It is canceled if the job was deleted undone.
	Status string `json:"status" enum:"pending,running,succeeded,failed,canceled"`

	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`

	// Progress is what the last step gave to Next, until the last has ended.
	Progress *Progress `json:"progress,omitempty"`

	// Result is what the handler gave to Result, of an operation that succeeded.
	Result json.RawMessage `json:"result,omitempty" doc:"What it came to"`

	// Error is of one that failed.
	Error *OperationError `json:"error,omitempty"`
}

// OperationError is what a client is told of a failure.
type OperationError struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Progress is how much is done of how much. The result is that of the last step.
type Progress struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

// How far an operation is.
const (
	StatusPending   = "pending"
	StatusRunning   = "running"
	StatusSucceeded = "succeeded"
	StatusFailed    = "failed"
	StatusCanceled  = "canceled"
)

// Done says that the operation has ended. One that failed may go on when its dead letter is retried.
func (o Operation) Done() bool { return o.Status != StatusPending && o.Status != StatusRunning }

// Begin is Enqueue of a job that whoever acts in ctx may follow, in the tenant in which it acts, and nobody else. If tx is rolled
// back there is neither. Of a job that is Unique and pending already it is ErrPending: that one may be followed by somebody else.
func Begin(ctx context.Context, tx pgx.Tx, j Job, options ...Option) (Operation, error) {
	if err := mayFollow(ctx); err != nil {
		return Operation{}, err
	}
	o := Operation{ID: id.New(), Kind: j.Kind(), Status: StatusPending}
	withID := func(e *entry) { e.id = o.ID.String() }
	if err := Enqueue(ctx, tx, j, append(slices.Clip(options), withID)...); err != nil {
		return Operation{}, err
	}
	const insert = `insert into jobs.operations (id, kind) values ($1, $2) returning created_at`
	if err := tx.QueryRow(ctx, insert, o.ID, o.Kind).Scan(&o.CreatedAt); err != nil {
		return Operation{}, fmt.Errorf("begin operation: %w", err)
	}
	return o, nil
}

// mayFollow refuses who could not ask for an operation later: nobody, the program, and who is in no tenant.
func mayFollow(ctx context.Context) error {
	switch who := authz.From(ctx); {
	case who.ID.IsZero():
		return authz.ErrAnonymous
	case who.Tenant.IsZero():
		return authz.ErrNoTenant
	}
	return nil
}

// ErrNoOperation is the answer to the id of no operation, or of one that somebody else began.
var ErrNoOperation = errors.New("operation not found")

// How far it is follows from its job: the row is there until the job has ended, and a dead letter after it was given up.
const selectOperation = `
	select o.id, o.kind, o.created_at, coalesce(o.finished_at, d.died_at) as finished_at, o.result,
		case when error_code is not null then jsonb_build_object('code', error_code, 'detail', coalesce(error_detail, '')) end as error,
		case when s.total > 0 then jsonb_build_object('done', s.done, 'total', s.total) end as progress,
		case
			when o.finished_at is not null then case when error_code is null then 'succeeded' else 'failed' end
			when j.id is not null then case when ` + begun + ` then 'running' else 'pending' end
			when s.canceled then 'canceled'
			when d.id is not null then 'failed'
			else 'canceled'
		end as status
	from jobs.operations o left join jobs.jobs j on j.id = o.id left join jobs.dead_letters d on d.id = o.id
	left join jobs.steps s on s.job_id = o.id
	where o.id = $1 and o.actor_id = $2`

// begun is true of a job that a worker has: the transaction that has taken its row goes on.
const begun = `j.pushed_at is not null and j.xmax in (
	select transactionid from pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted)`

// FindOperation returns an operation that whoever acts in ctx began, in the tenant in which it acts.
func FindOperation(ctx context.Context, d *db.DB, operation id.UUID) (Operation, error) {
	if err := mayFollow(ctx); err != nil {
		return Operation{}, err
	}
	o, err := db.One[Operation](ctx, d.As(schemaName), selectOperation, operation.String(), authz.From(ctx).ID)
	if db.NotFound(err) {
		err = ErrNoOperation
	}
	if err != nil {
		return Operation{}, fmt.Errorf("find operation: %w", err)
	}
	if o.Status == StatusFailed && o.Error == nil {
		o.Error = &OperationError{Code: "given_up", Detail: "it was tried, and given up"}
	}
	return o, nil
}

// OperationAnswer is an operation as the API answers it.
type OperationAnswer struct {
	Location   string `header:"Location" doc:"Where it can be followed"`
	RetryAfter string `header:"Retry-After" doc:"After how many seconds to ask again, while it is not done"`

	Body Operation
}

// Accepted is the answer to the request that began the operation; the status is that of its route, http.StatusAccepted.
func (o Operation) Accepted() *OperationAnswer {
	return &OperationAnswer{Location: "/v1/operations/" + o.ID.String(), RetryAfter: o.retryAfter(), Body: o}
}

// Answer is the answer to whoever asks how far it is.
func (o Operation) Answer() *OperationAnswer {
	return &OperationAnswer{RetryAfter: o.retryAfter(), Body: o}
}

// retryAfter is a tenth of how long it goes on already, so that a client asks often of what is short, and seldom of what is long.
func (o Operation) retryAfter() string {
	if o.Done() {
		return ""
	}
	wait := min(max(time.Since(o.CreatedAt)/10, time.Second), time.Minute)
	return strconv.Itoa(int(wait.Seconds()))
}
