package health

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const (
	// timeout is what one check may take. Probes of orchestrators give up after a second by default.
	timeout = 800 * time.Millisecond

	// fresh is how long an answer is given again, so that a flood of questions is at most one ping a second.
	fresh = time.Second
)

// The answers of /readyz.
const (
	ok          = "ok"
	degraded    = "degraded"
	unavailable = "unavailable"
	failing     = "failing"
)

// report is the body of /readyz.
type report struct {
	Status   string            `json:"status"`
	Draining bool              `json:"draining,omitempty"`
	Checks   map[string]string `json:"checks"`
}

func (h *Health) live(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, map[string]string{"status": ok})
}

func (h *Health) ready(w http.ResponseWriter, r *http.Request) {
	answer := h.report(r.Context())
	if h.Draining() {
		answer.Status, answer.Draining = unavailable, true
	}
	if answer.Status == unavailable {
		write(w, http.StatusServiceUnavailable, answer)
		return
	}
	write(w, http.StatusOK, answer)
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the prober has gone: there is no one to tell
}

// report runs the checks, unless that was done within the last second.
func (h *Health) report(ctx context.Context) report {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last.Status != "" && h.now().Sub(h.lastAt) < fresh {
		return h.last
	}
	errs := h.run(ctx)
	next := report{Status: ok, Checks: make(map[string]string, len(h.checks))}
	for i, c := range h.checks {
		next.Checks[c.name] = ok
		if errs[i] == nil {
			continue
		}
		next.Checks[c.name] = failing
		if c.hard {
			next.Status = unavailable
		} else if next.Status == ok {
			next.Status = degraded
		}
	}
	h.logChanges(next, errs)
	h.last, h.lastAt = next, h.now()
	return next
}

// run asks all dependencies at once, each with its own time, and returns their errors in the order of the checks.
func (h *Health) run(ctx context.Context) []error {
	// A prober that hangs up must not make the answer of the others a failure.
	ctx = context.WithoutCancel(ctx)

	errs := make([]error, len(h.checks))
	var group sync.WaitGroup
	for i, c := range h.checks {
		group.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			errs[i] = c.probe(ctx)
		})
	}
	group.Wait()
	return errs
}

// logChanges logs a check that began to fail or works again, once and not at every probe.
func (h *Health) logChanges(next report, errs []error) {
	for i, c := range h.checks {
		was := h.last.Checks[c.name]
		switch is := next.Checks[c.name]; {
		case is == failing && was != failing:
			h.log.Warn("health check began to fail", slog.String("check", c.name), slog.Bool("hard", c.hard),
				slog.Any("error", errs[i]))
		case is == ok && was == failing:
			h.log.Info("health check works again", slog.String("check", c.name))
		}
	}
}
