package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// Limit bounds the tries of one kind of job.
type Limit func(*handler)

// Attempts is how often a job is tried before it becomes a dead letter. Without it that is 12, which takes about half an
// hour.
func Attempts(n int) Limit {
	return func(h *handler) { h.attempts = n }
}

// Timeout ends the context of one try, and with it its transaction. Without it that is a minute.
func Timeout(d time.Duration) Limit {
	return func(h *handler) { h.timeout = d }
}

const (
	defaultAttempts = 12
	defaultTimeout  = time.Minute
)

// Mux knows the handler of each kind of job. It is filled by the domains before the worker starts.
type Mux struct {
	handlers   map[string]handler
	timetables []timetable
	errs       []error
}

// handler is what is known of one kind of job.
type handler struct {
	database *db.DB
	run      func(ctx context.Context, tx pgx.Tx, payload []byte) error
	attempts int
	timeout  time.Duration
}

// NewMux returns a Mux that knows no job.
func NewMux() *Mux {
	return &Mux{handlers: map[string]handler{}}
}

// Handle makes fn the handler of jobs of type J. It is run in a transaction as the role of d, and what it does in that
// transaction commits together with the end of the job, or not at all. The transaction is open while fn runs, so fn should
// not wait for others in it. A second handler of one kind is reported when the worker starts.
func Handle[J Job](m *Mux, d *db.DB, fn func(ctx context.Context, tx pgx.Tx, job J) error, limits ...Limit) {
	var zero J
	HandleKind(m, d, zero.Kind(), func(ctx context.Context, tx pgx.Tx, payload []byte) error {
		var job J
		if err := json.Unmarshal(payload, &job); err != nil {
			return Permanent(fmt.Errorf("decode the job: %w", err))
		}
		return fn(ctx, tx, job)
	}, limits...)
}

// HandleKind is Handle for jobs that are no type of their own: run reads the payload itself.
func HandleKind(m *Mux, d *db.DB, kind string, run func(ctx context.Context, tx pgx.Tx, payload []byte) error, limits ...Limit) {
	h := handler{database: d, run: run, attempts: defaultAttempts, timeout: defaultTimeout}
	for _, limit := range limits {
		limit(&h)
	}
	if _, taken := m.handlers[kind]; taken {
		m.errs = append(m.errs, fmt.Errorf("jobs: %s has two handlers", kind))
	}
	m.handlers[kind] = h
}

// Err returns what was wrong with the calls of Handle and Every, or nil.
func (m *Mux) Err() error {
	errs := slices.Clone(m.errs)
	for _, t := range m.timetables {
		if _, known := m.handlers[t.job.Kind()]; !known {
			errs = append(errs, fmt.Errorf("jobs: %s is scheduled, and no handler does %s", t.name, t.job.Kind()))
		}
	}
	return errors.Join(errs...)
}

// Kinds returns the kinds of job that have a handler, sorted.
func (m *Mux) Kinds() []string {
	return slices.Sorted(maps.Keys(m.handlers))
}

// find returns the handler of a kind. A kind without one fails like a handler would, and is tried again: during a roll-out
// the older program meets the jobs of the newer one.
func (m *Mux) find(kind string) handler {
	if h, ok := m.handlers[kind]; ok {
		return h
	}
	nobody := func(context.Context, pgx.Tx, []byte) error {
		return fmt.Errorf("this program has no handler of %q", kind)
	}
	return handler{run: nobody, attempts: defaultAttempts, timeout: defaultTimeout}
}

// call runs the handler and turns a panic into an error, so that one bad job ends neither the worker nor its other jobs.
func (h handler) call(ctx context.Context, tx pgx.Tx, payload []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return h.run(ctx, tx, payload)
}
