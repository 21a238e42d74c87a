package httpx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/authz"
)

// Operation is one operation of the API. It says who may use it, and how the history calls what it does: an API with an
// operation that leaves one of them out does not start.
type Operation struct {
	huma.Operation

	// Access is who may use it.
	Access Access

	// Audit is the action that is recorded when it has changed something: the domain, and what happened, as in
	// "orders.order_created". Operations that change nothing have none.
	Audit string

	// Secret says that the answer holds what is shown once, such as a new key: whatever keeps answers does not keep this one.
	Secret bool
}

// NotAudited is the Audit of an operation that changes nothing worth a record. Why is for who reads the list of routes.
func NotAudited(why string) string {
	return notAudited + why
}

const notAudited = "not audited: "

// Audited says whether the operation leaves an entry in the audit log.
func (op Operation) Audited() bool {
	return op.Audit != "" && !strings.HasPrefix(op.Audit, notAudited)
}

// Safe says whether a method changes nothing (RFC 9110, 9.2.1).
func Safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || method == http.MethodTrace
}

// Register adds one operation to api. Whoever may not use it is refused before the request is read. A Problem that handle
// returns is answered as it is, an error in a list of Refuse as it says there, a refusal of authz as 401 or 403; an error of a request
// whose time is over is 504; any other is 500, and its text goes to the log and not to the client.
func Register[I, O any](api *API, op Operation, handle func(context.Context, *I) (*O, error)) {
	if !api.take(op) {
		return
	}
	if op.Access != Public {
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
		if !Safe(op.Method) {
			op.Parameters = append(op.Parameters, api.headers...)
		}
	}
	op.Middlewares = append(huma.Middlewares{api.guard(op)}, op.Middlewares...)
	huma.Register(api.huma, op.Operation, func(ctx context.Context, in *I) (*O, error) {
		ctx, err := api.still(ctx, op)
		if err != nil {
			return nil, api.problemOf(ctx, err)
		}
		out, err := handle(ctx, in)
		if err != nil {
			return nil, api.problemOf(ctx, err)
		}
		return out, nil
	})
}

// take remembers op, or why it is refused.
func (a *API) take(op Operation) bool {
	var lacks []string
	if op.Access == "" {
		lacks = append(lacks, "Access: who may use it")
	}
	if !Safe(op.Method) && op.Audit == "" {
		lacks = append(lacks, "Audit: what is recorded of it")
	}
	if len(lacks) > 0 {
		a.errs = append(a.errs, fmt.Errorf("%s %s does not say its %s", op.Method, op.Path, strings.Join(lacks, ", nor its ")))
		return false
	}
	a.operations = append(a.operations, op)
	return true
}

// problemFor is problemOf where huma is not there to answer.
func problemFor(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	switch {
	case errors.Is(err, authz.ErrAnonymous):
		return NewProblem(http.StatusUnauthorized, "unauthenticated", authz.ErrAnonymous.Error())
	case errors.Is(err, authz.ErrNoTenant):
		return NewProblem(http.StatusBadRequest, "workspace_required", authz.ErrNoTenant.Error())
	case errors.Is(err, authz.ErrDenied):
		return NewProblem(http.StatusForbidden, "permission_denied", err.Error())
	case errors.Is(ctx.Err(), context.Canceled):
		p := NewProblem(StatusClientClosed, "client_closed_request", "")
		p.Title = "Client Closed Request"
		return p
	case errors.Is(err, context.DeadlineExceeded), errors.Is(ctx.Err(), context.DeadlineExceeded):
		blame(ctx, err)
		return internalProblem(http.StatusGatewayTimeout)
	default:
		blame(ctx, err)
		return internalProblem(http.StatusInternalServerError)
	}
}
