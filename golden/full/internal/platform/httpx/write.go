package httpx

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/logging"
)

// problemType is the media type of a Problem.
const problemType = "application/problem+json"

// WriteError answers with what a client is told about err: middleware has no huma to do it. What it is not told goes to the log.
func WriteError(ctx context.Context, w http.ResponseWriter, err error) {
	if with, ok := errors.AsType[huma.HeadersError](err); ok {
		maps.Copy(w.Header(), with.GetHeaders())
	}
	writeProblem(ctx, w, problemFor(ctx, err))
}

// writeProblem answers with p where huma is not there to do it.
func writeProblem(ctx context.Context, w http.ResponseWriter, p *Problem) {
	answer := *p // it may be shared
	answer.RequestID = logging.RequestID(ctx)
	w.Header().Set("Content-Type", problemType)
	w.Header().Del("Content-Length") // of the body that is not sent
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(answer) // the client has gone: there is no one to tell
}
