package app

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// jobsDesk is where our own people look after jobs: admin jobs and admin dlq, over the API and in the audit log.
type jobsDesk struct{ database *db.DB }

// routes adds what they may do to api.
func (j jobsDesk) routes(api *httpx.API) {
	httpx.Register(api, deskOperation("GET", "/v1/operator/jobs", "count-jobs", ""), httpx.All(j.count))
	httpx.Register(api, deskOperation("GET", "/v1/operator/dead-letters", "list-dead-letters", ""), httpx.All(j.list))
	httpx.Register(api, deskOperation("GET", "/v1/operator/dead-letters/{id}", "show-dead-letter", ""), j.show)
	httpx.Register(api, deskOperation("POST", "/v1/operator/dead-letters/{id}/retry", "retry-dead-letter", deskRetried), j.change(deskRetried, jobs.Retry))
	httpx.Register(api, deskOperation("DELETE", "/v1/operator/dead-letters/{id}", "drop-dead-letter", deskDropped), j.change(deskDropped, jobs.Drop))
	api.Refuse(httpx.Refusal{Err: jobs.ErrNoDeadLetter, Status: http.StatusNotFound, Code: "dead_letter_not_found"})
}

// How the audit log calls it.
const (
	deskRetried = "jobs.dead_letter_retried"
	deskDropped = "jobs.dead_letter_dropped"
)

func deskOperation(method, path, name, action string) httpx.Operation {
	status := http.StatusOK
	if method != http.MethodGet {
		status = http.StatusNoContent
	}
	return httpx.Operation{
		Operation: huma.Operation{OperationID: name, Tags: []string{"jobs"}, Method: method, Path: path, DefaultStatus: status},
		Access:    httpx.Operator, Audit: action,
	}
}

func (j jobsDesk) count(ctx context.Context) ([]jobs.QueueStats, error) {
	return jobs.Stats(ctx, j.database)
}

func (j jobsDesk) list(ctx context.Context) ([]jobs.DeadLetter, error) {
	return jobs.DeadLetters(ctx, j.database, listed)
}

type letterInput struct {
	ID string `path:"id" doc:"Of the dead letter"`
}

type letterOutput struct{ Body jobs.DeadLetter }

func (j jobsDesk) show(ctx context.Context, in *letterInput) (*letterOutput, error) {
	letter, err := jobs.FindDeadLetter(ctx, j.database, in.ID)
	return &letterOutput{letter}, err
}

// change does one thing to a dead letter, and records it in the same transaction: in no tenant, whichever the request names, since it
// is none of a workspace what our own people do to the jobs of others.
func (j jobsDesk) change(action string, do jobs.LetterChange) func(context.Context, *letterInput) (*struct{}, error) {
	return func(ctx context.Context, in *letterInput) (*struct{}, error) {
		who := authz.From(ctx)
		who.Tenant = id.UUID{}
		return nil, do(authz.With(ctx, who), j.database, in.ID, recordDone(action, in.ID, nil))
	}
}
