package httpx

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Register adds one operation to api. It is huma.Register with our errors: a Problem is answered as it is; an error of a
// request whose time is over is 504; any other is 500, and its text goes to the log and not to the client.
func Register[I, O any](api huma.API, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return out, nil
	})
}

// problemOf returns what the client is told about err, and notes for the log what it is not told.
func problemOf(ctx context.Context, err error) error {
	var answer huma.StatusError
	switch {
	case errors.As(err, &answer):
		return err // whole: it may carry headers, too
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
