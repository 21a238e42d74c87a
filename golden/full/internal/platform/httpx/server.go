package httpx

import (
	"log/slog"
	"net/http"
	"time"
)

const (
	// headerTimeout is how long a client may take to send the headers.
	headerTimeout = 5 * time.Second

	// writeGrace is how much longer than a request's budget the answer may take to reach the client.
	writeGrace = 5 * time.Second

	// idleTimeout is longer than the 60 seconds after which common load balancers drop an idle connection: the side that
	// drops it first must be theirs, or they send a request into a connection that is being closed.
	idleTimeout = 2 * time.Minute

	// maxHeaderBytes bounds what a client may make the server hold before it is known.
	maxHeaderBytes = 64 << 10

	// profileTime is how long a profile may take on the admin server.
	profileTime = 2 * time.Minute
)

// Server returns a server of handler with a limit on all that a client can make long or large. It does not listen yet.
func Server(handler http.Handler, o Options) *http.Server {
	return newServer(handler, o.RequestTimeout+writeGrace, o.Log)
}

func newServer(handler http.Handler, timeout time.Duration, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       timeout,
		WriteTimeout:      timeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
