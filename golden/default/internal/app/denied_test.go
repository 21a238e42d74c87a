package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
)

// guardedOperation serves an operation that is for those who have a permission, and tells r of the refusals.
func guardedOperation(t *testing.T, r *refusalLog) http.Handler {
	options := httpx.Options{
		Name: "test", RequestTimeout: time.Minute, MaxInFlight: 1000, MaxBodyBytes: 1 << 16, Log: slog.New(slog.DiscardHandler),
		Authenticate: func(r *http.Request) (authz.Principal, error) { return authz.From(r.Context()), nil },
		Denied:       r.recordRefusal,
	}
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, options)
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{OperationID: "read", Method: http.MethodGet, Path: "/v1/secret"},
		Access:    httpx.Needs("secrets.secret.read"),
	}, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	if err := api.Err(); err != nil {
		t.Fatal(err)
	}
	return httpx.Handler(mux, options)
}

// askGuarded returns the status that the operation is answered with.
func askGuarded(ctx context.Context, handler http.Handler) int {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/secret", nil))
	return w.Code
}

// refusedTimes is how often was refused what there is an entry of, by the entries of an actor.
func refusedTimes(t *testing.T, database *db.DB, actor string) []int {
	t.Helper()
	const query = `
		select coalesce(array_agg((details->>'times')::int order by (details->>'times')::int), '{}') from audit.entries
		where outcome = 'denied' and action = 'api.operation_refused' and subject = 'GET /v1/secret' and request_id <> ''
			and coalesce(actor_id::text, '') = $1`
	return dbtest.Value[[]int](t, db.AcrossTenants(database, "look at the audit log"), query, actor)
}

func TestAttackFillTheAuditLogWithRefusals(t *testing.T) {
	t.Attr("tried", "a thousand requests that are refused, 8 at once, by a user and by nobody")
	t.Attr("stopped", "of refusals that are the same the log has the first, the second, the fourth and so on")
	t.Parallel()
	database := dbtest.New(t, audit.Schema())
	handler := guardedOperation(t, newRefusalLog(database, slog.New(slog.NewTextHandler(t.Output(), nil))))
	user := authz.Principal{Kind: authz.User, ID: id.New(), Tenant: id.New()}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 125 {
				if code := askGuarded(authz.With(t.Context(), user), handler); code != http.StatusForbidden {
					t.Errorf("a user is answered %d", code)
				}
				if code := askGuarded(t.Context(), handler); code != http.StatusUnauthorized {
					t.Errorf("nobody is answered %d", code)
				}
			}
		})
	}
	all.Wait()
	for _, actor := range []string{user.ID.String(), ""} {
		want := []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}
		if diff := cmp.Diff(want, refusedTimes(t, database, actor)); diff != "" {
			t.Errorf("entries of %q (-want +got):\n%s", actor, diff)
		}
	}
	for _, tenant := range []id.UUID{user.Tenant, {}} {
		if wrong, err := audit.Verify(t.Context(), database, tenant, nil); wrong != "" || err != nil {
			t.Errorf("%s, error %v", wrong, err)
		}
	}
}

func TestRefusalsOfManyActorsStayBounded(t *testing.T) {
	t.Parallel()
	r := newRefusalLog(dbtest.New(t), slog.New(slog.DiscardHandler))
	for range 100_000 {
		if n := r.count(refusalKey{actor: id.New(), operation: "GET /v1/secret"}); n != 1 || len(r.times) > mostRefusals {
			t.Fatalf("the first refusal counts as %d, and %d are held", n, len(r.times))
		}
	}
}

func TestARefusalIsRecordedWhateverBecomesOfTheRequest(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t, audit.Schema())
	ctx, unit := database.Unit(t.Context())
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	handler := guardedOperation(t, newRefusalLog(database, slog.New(slog.NewTextHandler(t.Output(), nil))))
	if code := askGuarded(ctx, handler); code != http.StatusUnauthorized {
		t.Errorf("answered %d", code)
	}
	unit.Rollback(t.Context())
	if diff := cmp.Diff([]int{1}, refusedTimes(t, database, "")); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}

func TestARefusalThatCannotBeRecordedIsLoggedAndAnsweredTheSame(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t) // without the schema
	var log strings.Builder
	handler := guardedOperation(t, newRefusalLog(database, slog.New(slog.NewTextHandler(&log, nil))))
	if code := askGuarded(t.Context(), handler); code != http.StatusUnauthorized {
		t.Errorf("answered %d", code)
	}
	if !strings.Contains(log.String(), `msg="a refusal is not in the audit log" route="GET /v1/secret"`) {
		t.Errorf("logged %q", log.String())
	}
}

func TestRefusalsAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	r := newRefusalLog(dbtest.New(t), slog.New(slog.DiscardHandler))
	same := refusalKey{operation: "GET /v1/secret"}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10_000 {
				r.count(same)
			}
		})
	}
	all.Wait()
	if got := r.count(same); got != 80_001 {
		t.Errorf("the last of 80,001 counts as %d", got)
	}
}
