// Package health answers whether the process lives and whether it wants traffic.
//
// /livez asks no dependency: a database that is away must not make the platform restart every process. /readyz runs the
// checks, all at once: a hard one that fails makes the process unready (503), a soft one only degraded (200). Drain makes
// it unready for good, as the first step of stopping. What failed is logged when it changes; the answer holds names only.
package health

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Probe asks one dependency whether it works. It must end when ctx does.
type Probe func(ctx context.Context) error

// Health holds the checks of the process. Hard and Soft are called while the process is put together, before it serves.
type Health struct {
	log      *slog.Logger
	checks   []check
	draining atomic.Bool

	// now is time.Now, except in tests.
	now func() time.Time

	// mu is held while the checks run, so that those who ask meanwhile wait for the same answer.
	mu     sync.Mutex
	last   report
	lastAt time.Time
}

// check is one dependency.
type check struct {
	name  string
	hard  bool
	probe Probe
}

// New returns a Health without checks, which is ready.
func New(log *slog.Logger) *Health {
	return &Health{log: log, now: time.Now}
}

// Hard adds a dependency without which no request can be served.
func (h *Health) Hard(name string, probe Probe) {
	h.checks = append(h.checks, check{name: name, hard: true, probe: probe})
}

// Soft adds a dependency without which the process serves on, only less well.
func (h *Health) Soft(name string, probe Probe) {
	h.checks = append(h.checks, check{name: name, probe: probe})
}

// Drain makes the process unready from now on.
func (h *Health) Drain() {
	h.draining.Store(true)
}

// Draining says whether Drain was called.
func (h *Health) Draining() bool {
	return h.draining.Load()
}

// Routes adds /livez and /readyz to mux.
func (h *Health) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /livez", h.live)
	mux.HandleFunc("GET /readyz", h.ready)
}
