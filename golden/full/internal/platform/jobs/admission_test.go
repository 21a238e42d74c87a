package jobs

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
)

// gate is an API with an operation for each queue that enqueues a job of it.
type gate struct {
	*fixture

	admission *Admission
	handler   http.Handler
	clock     time.Time
}

func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{fixture: setUp(t), clock: time.Now()}
	g.admission = NewAdmission(g.database, time.Minute)
	g.admission.now = func() time.Time { return g.clock }
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, httpx.Options{})
	api.Refuse(httpx.Refusal{Err: ErrBehind, Status: http.StatusServiceUnavailable, Code: "behind"})
	for _, queue := range Ours() {
		op := httpx.Operation{
			Operation: huma.Operation{OperationID: queue, Method: http.MethodPost, Path: "/" + queue},
			Access:    httpx.Public, Audit: httpx.NotAudited("of a test"),
		}
		httpx.Register(api, op, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
			return nil, g.enqueueOne(ctx, queue)
		})
	}
	g.handler = g.admission.Handler(mux)
	return g
}

func (g *gate) enqueueOne(ctx context.Context, queue string) error {
	return g.database.As("probe").InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return Enqueue(ctx, tx, probe{queue}, Queue(queue))
	})
}

// ask asks for a job of each queue a second later, and returns the answers.
func (g *gate) ask() map[string]int { return g.askAs(g.t.Context()) }

// askAs is ask of whoever acts in ctx.
func (g *gate) askAs(ctx context.Context) map[string]int {
	g.clock = g.clock.Add(lookEvery)
	answers := map[string]int{}
	for _, queue := range Ours() {
		w := httptest.NewRecorder()
		g.handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/"+queue, nil))
		answers[queue] = w.Code
		if after := w.Header().Get("Retry-After"); (after == "7") != (w.Code == http.StatusServiceUnavailable) {
			g.t.Errorf("%s: %d, and Retry-After is %q", queue, w.Code, after)
		}
	}
	return answers
}

func TestWhileTheOldestJobOfALowQueueIsTooOldMoreAreRefused(t *testing.T) {
	const taken, refused = http.StatusNoContent, http.StatusServiceUnavailable
	g := newGate(t)
	all := map[string]int{Critical: taken, Default: taken, Low: taken, Bulk: taken}
	if diff := cmp.Diff(all, g.ask()); diff != "" {
		t.Error(diff)
	}
	g.exec(`update jobs.jobs set run_at = now() - interval '61 seconds'`)
	if diff := cmp.Diff(map[string]int{Critical: taken, Default: taken, Low: refused, Bulk: refused}, g.ask()); diff != "" {
		t.Error(diff)
	}
	request := context.WithValue(t.Context(), admissionKey{}, g.admission)
	if err := g.enqueueOne(request, Low); !errors.Is(err, ErrBehind) {
		t.Errorf("a request for a low job: %v", err)
	}
	if err := g.enqueueOne(t.Context(), Low); err != nil {
		t.Errorf("a job that nobody waits for: %v", err)
	}
	g.exec(`delete from jobs.jobs where queue = 'low'`)
	if diff := cmp.Diff(map[string]int{Critical: taken, Default: taken, Low: taken, Bulk: refused}, g.ask()); diff != "" {
		t.Error(diff)
	}
}

func TestABacklogIsRefusedToItsOwnTenantAlone(t *testing.T) {
	g := newGate(t)
	noisy, quiet := ofTenant(t.Context()), ofTenant(t.Context())
	for range 20 {
		if err := g.enqueueOne(noisy, Low); err != nil {
			t.Fatal(err)
		}
	}
	g.exec(`update jobs.jobs set run_at = now() - interval '1 hour'`)
	for who, ctx := range map[string]context.Context{"another tenant": quiet, "no tenant": t.Context()} {
		if got := g.askAs(ctx)[Low]; got != http.StatusNoContent {
			t.Errorf("%s is answered with %d", who, got)
		}
	}
	if got := g.askAs(noisy)[Low]; got != http.StatusServiceUnavailable {
		t.Errorf("the tenant with the backlog is answered with %d", got)
	}
	if got := g.askAs(noisy)[Bulk]; got != http.StatusNoContent {
		t.Errorf("for another queue with %d", got)
	}
}

func TestWhereManyTenantsWaitEverybodyIsRefused(t *testing.T) {
	g := newGate(t)
	for range fewTenants {
		if err := g.enqueueOne(ofTenant(t.Context()), Low); err != nil {
			t.Fatal(err)
		}
	}
	g.exec(`update jobs.jobs set run_at = now() - interval '1 hour'`)
	if got := g.askAs(ofTenant(t.Context()))[Low]; got != http.StatusNoContent {
		t.Errorf("few wait: answered with %d", got)
	}
	g.exec(`update jobs.jobs set run_at = now() - interval '1 hour'`)
	answers := g.askAs(ofTenant(t.Context()))
	if answers[Low] != http.StatusServiceUnavailable || answers[Default] != http.StatusNoContent {
		t.Errorf("many wait: answered with %v", answers)
	}
}

// ofTenant returns a context in which somebody of a new tenant acts.
func ofTenant(ctx context.Context) context.Context { return authz.With(ctx, authz.System(id.New())) }

func TestTheQueuesAreLookedAtOnceASecond(t *testing.T) {
	g := newGate(t)
	g.ask()
	g.exec(`update jobs.jobs set run_at = now() - interval '1 hour'`)
	g.clock = g.clock.Add(-lookEvery) // so that ask comes in the same second
	if got := g.ask()[Low]; got != http.StatusNoContent {
		t.Errorf("the answer is %d: the reading is not that of a second ago", got)
	}
}

func TestAJobThatTheEngineHasAndNoWorkerIsBehind(t *testing.T) {
	g := newGate(t)
	relay, _ := relayTo(g.fixture)
	if err := g.enqueueOne(t.Context(), Low); err != nil {
		t.Fatal(err)
	}
	g.exec(`update jobs.jobs set run_at = now() - interval '1 hour'`)
	if _, err := relay.pushDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := g.ask()[Low]; got != http.StatusServiceUnavailable {
		t.Errorf("answered with %d", got)
	}
}
