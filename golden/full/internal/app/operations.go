package app

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/jobs"
)

// operationsDesk is where clients ask what became of what they began.
type operationsDesk struct{ database *db.DB }

// routes adds the one question to api.
func (o operationsDesk) routes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{
			OperationID: "get-operation", Summary: "Get operation: how far it is, and what it came to", Tags: []string{"operations"},
			Method: http.MethodGet, Path: "/v1/operations/{id}", Errors: []int{http.StatusNotFound},
		},
		Access: httpx.SignedIn,
	}, o.find)
	api.Refuse(httpx.Refusal{Err: jobs.ErrNoOperation, Status: http.StatusNotFound, Code: "operation_not_found"})
}

type operationInput struct {
	ID id.UUID `path:"id" doc:"From the answer of 202"`
}

func (o operationsDesk) find(ctx context.Context, in *operationInput) (*jobs.OperationAnswer, error) {
	found, err := jobs.FindOperation(ctx, o.database, in.ID)
	return found.Answer(), err
}
