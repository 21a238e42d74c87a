package httpx

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

// requestIDHeader carries the id of a request, in and out.
const requestIDHeader = "X-Request-Id"

// observe gives each request its id and its exchange, and logs one line when it is over. A line holds no path, query, header
// or body: those are the client's, and may be personal.
func observe(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requestID := r.Header.Get(requestIDHeader)
		if !sane.MatchString(requestID) {
			requestID = id.New().String()
		}
		w.Header().Set(requestIDHeader, requestID)

		x := &exchange{ResponseWriter: w, incoming: r, start: time.Now()}
		ctx := logging.WithRequestID(r.Context(), requestID)
		ctx = logging.WithTrace(ctx, r.Header.Get("Traceparent"))
		ctx = context.WithValue(ctx, exchangeKey{}, x)

		// Deferred, so that an aborted request has its line too.
		defer func() { x.log(ctx, log, r.Method) }()
		next.ServeHTTP(x, r.WithContext(ctx))
	})
}

// sane is an id of a client that may stand in our logs and headers.
var sane = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// log writes the access line: error if the server is at fault, debug for probes, which come every few seconds.
func (x *exchange) log(ctx context.Context, log *slog.Logger, method string) {
	status := x.status
	if status == 0 && x.cause == nil {
		status = http.StatusOK // net/http answers so when a handler writes nothing
	}
	level := slog.LevelInfo
	switch {
	case x.cause != nil:
		level = slog.LevelError
	case status >= http.StatusInternalServerError:
		level = slog.LevelWarn
	case IsHealth(x.request):
		level = slog.LevelDebug
	}
	if !log.Enabled(ctx, level) {
		return
	}
	now := time.Now()
	line := slog.NewRecord(now, level, "request", 0) // LogAttrs would look where it was called from
	line.AddAttrs(
		slog.String("method", method),
		slog.String("route", x.route()),
		slog.Int("status", status),
		slog.Int64("bytes", x.bytes),
		slog.Int64("duration_us", now.Sub(x.start).Microseconds()))
	if !x.who.ID.IsZero() {
		line.AddAttrs(slog.String("actor", x.who.ID.String()))
	}
	if !x.who.Tenant.IsZero() {
		line.AddAttrs(slog.String("tenant", x.who.Tenant.String()))
	}
	if x.cause != nil {
		line.AddAttrs(slog.Any("error", x.cause))
	}
	if x.stack != nil {
		line.AddAttrs(slog.String("stack", string(x.stack)))
	}
	_ = log.Handler().Handle(ctx, line)
}
