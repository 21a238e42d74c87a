package httpx

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/authz"
)

// Options are the limits of the HTTP surface. The limits and Log must be set.
type Options struct {
	// Name and Version are those of the API in its description.
	Name    string
	Version string

	// RequestTimeout is the budget of a request: its context ends then, and what it asks of others with it.
	RequestTimeout time.Duration

	// MaxInFlight is how many requests are served at once.
	MaxInFlight int

	// MaxBodyBytes is the largest request body.
	MaxBodyBytes int64

	// HSTS tells browsers to come by TLS only. It is for hosts that are reached by TLS.
	HSTS bool

	// Draining says that the process is about to stop, so that clients are asked to open no further connection to it.
	// Nil is never.
	Draining func() bool

	// Authenticate says who acts. Its error is answered like that of a handler. Nil: everybody is nobody.
	Authenticate func(*http.Request) (authz.Principal, error)

	// Around is middleware that needs to know who acts, the first of it outermost.
	Around []func(http.Handler) http.Handler

	// Headers are what Around reads of requests that may change something and are not for everybody, for their description.
	Headers []*huma.Param

	// Denied is told of every operation that was refused to whoever acts in the context. Nil: nobody is told.
	Denied func(context.Context, Operation)

	// Log gets one line a request.
	Log *slog.Logger
}
