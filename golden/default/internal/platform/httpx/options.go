package httpx

import (
	"log/slog"
	"time"
)

// Options are the limits of the HTTP surface. All but HSTS and Draining must be set.
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

	// Log gets one line a request.
	Log *slog.Logger
}
