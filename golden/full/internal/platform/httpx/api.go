package httpx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/logging"
)

// API is the operations that are served. Its errors are Problems.
type API struct {
	huma       huma.API
	who        func(*http.Request) (authz.Principal, error)
	denied     func(context.Context, Operation)
	headers    []*huma.Param
	operations []Operation
	refusals   []Refusal
	errs       []error
}

// asWritten has names be names as they are described alone: huma would look at one of two that differ in case, and encoding/json take
// the other.
var asWritten = sync.OnceFunc(func() { huma.ValidateStrictCasing = true })

// NewAPI returns the API whose operations are served by mux. Its description is served by Describe, and the pages of huma,
// which load scripts of others, are off.
func NewAPI(mux *http.ServeMux, o Options) *API {
	asWritten()
	config := huma.DefaultConfig(o.Name, o.Version)
	config.OpenAPIPath = ""
	config.DocsPath = ""
	config.SchemasPath = ""
	config.CreateHooks = nil // no $schema in answers
	config.Components.Schemas = schemas()
	config.Transformers = []huma.Transformer{toProblem}
	config.OnAddOperation = []huma.AddOpFunc{
		func(api *huma.OpenAPI, op *huma.Operation) {
			op.MaxBodyBytes = o.MaxBodyBytes + 1 // huma refuses a body that is exactly as long as its limit
			op.BodyReadTimeout = o.RequestTimeout
			describeProblems(api, op)
		},
	}
	return &API{huma: humago.New(mux, config), who: o.Authenticate, denied: o.Denied, headers: o.Headers}
}

// Operations are all that were registered, in the order of their registration.
func (a *API) Operations() []Operation {
	return a.operations
}

// Err returns why the API must not be served: the operations that do not say who may use them, or how the history calls what
// they do.
func (a *API) Err() error {
	return errors.Join(a.errs...)
}

// describeProblems says in the description that errors are Problems, where huma says that they are its own.
func describeProblems(api *huma.OpenAPI, op *huma.Operation) {
	schema := api.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, response := range op.Responses {
		if media, ok := response.Content[problemType]; ok {
			media.Schema = schema
		}
	}
}

// toProblem runs on every answer before it is written: it gives a Problem its request id, and makes one of huma's errors.
func toProblem(ctx huma.Context, _ string, body any) (any, error) {
	if model, ok := body.(*huma.ErrorModel); ok {
		body = fromHuma(ctx, model)
	}
	problem, ok := body.(*Problem)
	if !ok {
		return body, nil
	}
	answer := *problem // it may be shared: a package can declare its problems once
	answer.RequestID = logging.RequestID(ctx.Context())
	return &answer, nil
}

// fromHuma keeps what a client can mend: where each fault is, without the value, which may be a password.
func fromHuma(ctx huma.Context, model *huma.ErrorModel) *Problem {
	answer := statusProblem(model.Status)
	answer.Detail = model.Detail
	for _, detail := range model.Errors {
		answer.Errors = append(answer.Errors, Fault{Location: detail.Location, Message: detail.Message})
	}
	if model.Status >= http.StatusInternalServerError {
		blame(ctx.Context(), fmt.Errorf("%s: %v", answer.Detail, answer.Errors))
		return internalProblem(model.Status)
	}
	return answer
}
