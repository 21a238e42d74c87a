package httpx

import (
	"context"
	"net/http"
	"time"

	"example.com/myapp/internal/platform/authz"
)

// exchange is one request and its answer, as the middleware sees them: the ResponseWriter of all that lies below, and
// what the access log will say.
type exchange struct {
	http.ResponseWriter

	// start is when the request began.
	start time.Time

	// status is what was answered, 0 as long as nothing was.
	status int

	// bytes is how much body was answered.
	bytes int64

	// incoming is the request as it came.
	incoming *http.Request

	// request is the one that the mux was given; the mux notes in it which route it found.
	request *http.Request

	// who acts, once that is known.
	who authz.Principal

	// secret says that the answer is of an operation that is Secret.
	secret bool

	// cause is why the server could not do what was asked, and stack is where it panicked.
	cause error
	stack []byte

	// muted drops the body that the mux writes for a route that it does not have.
	muted bool
}

type exchangeKey struct{}

// exchangeOf returns the exchange that ctx belongs to, or one that no one reads.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// Incoming returns the request of ctx as it came, or nil.
func Incoming(ctx context.Context) *http.Request {
	return exchangeOf(ctx).incoming
}

// WriteHeader implements http.ResponseWriter. What the mux says by itself becomes a Problem.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 && x.unrouted() && status >= http.StatusBadRequest {
		request := x.request
		x.request = nil // the Problem comes through here, too
		writeProblem(request.Context(), x, statusProblem(status))
		x.request, x.muted = request, true
		return
	}
	if x.muted {
		return
	}
	x.ResponseWriter.WriteHeader(status)
	if x.status == 0 && status >= http.StatusOK { // 1xx are not the answer yet
		x.status = status
	}
}

// Write implements http.ResponseWriter.
func (x *exchange) Write(b []byte) (int, error) {
	if x.muted {
		return len(b), nil
	}
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	n, err := x.ResponseWriter.Write(b)
	x.bytes += int64(n)
	return n, err
}

// Unwrap is how http.ResponseController finds deadlines and Flush.
func (x *exchange) Unwrap() http.ResponseWriter {
	return x.ResponseWriter
}

// unrouted says that the mux answers by itself: it has no route for the request, or none for its method.
func (x *exchange) unrouted() bool {
	return x.request != nil && x.request.Pattern == ""
}

// route is the pattern of the route, which a label or a log line may hold: there are only so many.
func (x *exchange) route() string {
	if x.request == nil || x.request.Pattern == "" {
		return "unmatched"
	}
	return x.request.Pattern
}

// Secret says whether the operation that was found for the request of ctx is Secret.
func Secret(ctx context.Context) bool {
	return exchangeOf(ctx).secret
}

// blame notes why the server could not do what was asked.
func blame(ctx context.Context, err error) {
	exchangeOf(ctx).cause = err
}
