package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/crypto/cryptotest"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/httpx/httpxtest"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/idempotency"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/jobs/jobstest"
	"example.com/myapp/internal/platform/privacy"
)

// exportRows is a job that a client waits for.
type exportRows struct{}

func (exportRows) Kind() string { return "fuzz.export_rows" }

// followedAPI is an API with an operation that a client follows, and the worker that does it.
type followedAPI struct {
	t        *testing.T
	database *db.DB
	handler  http.Handler

	// who asks, and the Idempotency-Key, if there is one.
	who authz.Principal
	key string

	// fail is what the job fails with.
	fail error
}

func openFollowed(t *testing.T) *followedAPI {
	database := dbtest.New(t, fuzzedSchemas()...)
	f := &followedAPI{t: t, database: database, who: authz.Principal{Kind: authz.User, ID: id.New(), Tenant: id.New()}}
	mux, options := http.NewServeMux(), httpx.Options{RequestTimeout: time.Minute, MaxBodyBytes: 1 << 10}
	api := httpx.NewAPI(mux, options)
	operationsDesk{database}.routes(api)
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{OperationID: "export", Method: http.MethodPost, Path: "/v1/exports", DefaultStatus: http.StatusAccepted},
		Access:    httpx.SignedIn, Audit: httpx.NotAudited("of a test"),
	}, func(ctx context.Context, _ *struct{}) (*jobs.OperationAnswer, error) {
		var begun jobs.Operation
		err := database.As("fuzz").InTx(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
			begun, err = jobs.Begin(ctx, tx, exportRows{})
			return err
		})
		return begun.Accepted(), err
	})
	f.handler = mux
	f.handler = idempotency.Handler(database, options.RequestTimeout)(f.handler)
	return f
}

// ask sends a request without a body.
func (f *followedAPI) ask(method, path string) *httptest.ResponseRecorder {
	f.t.Helper()
	r := httptest.NewRequestWithContext(authz.With(f.t.Context(), f.who), method, path, nil)
	if f.key != "" {
		r.Header.Set("Idempotency-Key", f.key)
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

// want asks how far it is.
func (f *followedAPI) want(path, status string, done bool) (body map[string]any) {
	f.t.Helper()
	w := f.ask(http.MethodGet, path)
	body = httpxtest.Decode[map[string]any](f.t, w)
	if w.Code != http.StatusOK || body["status"] != status || (w.Header().Get("Retry-After") == "") != done {
		f.t.Errorf("want %s, got %d %v %s", status, w.Code, w.Header(), w.Body)
	}
	return body
}

// work does the jobs that are due.
func (f *followedAPI) work() {
	f.t.Helper()
	mux := jobs.NewMux()
	jobs.Handle(mux, f.database.As("fuzz"), func(ctx context.Context, _ pgx.Tx, _ exportRows) error {
		return errors.Join(jobs.Result(ctx, map[string]string{"url": "/files/7"}), f.fail)
	})
	if _, err := jobstest.RunDue(f.t.Context(), f.database, mux, slog.New(slog.DiscardHandler)); err != nil {
		f.t.Fatal(err)
	}
}

func TestAClientFollowsAnOperationUntilItIsDone(t *testing.T) {
	t.Parallel()
	f := openFollowed(t)
	w := f.ask(http.MethodPost, "/v1/exports")
	begun, at := httpxtest.Decode[map[string]any](t, w), w.Header().Get("Location")
	job, found := strings.CutPrefix(at, "/v1/operations/")
	if w.Code != http.StatusAccepted || !found || job != begun["id"] || begun["status"] != "pending" || w.Header().Get("Retry-After") != "1" {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	f.want(at, "pending", false)
	f.fail = jobs.Permanent(errors.New("hunter2"))
	f.work()
	f.want(at, "failed", true)
	if err := jobs.Retry(t.Context(), f.database, job); err != nil {
		t.Fatal(err)
	}
	f.want(at, "pending", false)
	f.fail = nil
	f.work()
	if result := f.want(at, "succeeded", true)["result"].(map[string]any); result["url"] != "/files/7" {
		t.Errorf("it came to %v", result)
	}
}

func TestAttackTheOperationOfAnother(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "ask for the operation of another workspace, and of another member of one's own")
	t.Attr("stopped", "the policy of the table, and the query by who began it")
	f := openFollowed(t)
	at := f.ask(http.MethodPost, "/v1/exports").Header().Get("Location")
	mine := f.who
	nothing := f.ask(http.MethodGet, "/v1/operations/"+id.New().String())
	if nothing.Code != http.StatusNotFound || httpxtest.Decode[map[string]any](t, nothing)["code"] != "operation_not_found" {
		t.Fatalf("%d %s", nothing.Code, nothing.Body)
	}
	for name, who := range map[string]authz.Principal{
		"another workspace": {Kind: authz.User, ID: mine.ID, Tenant: id.New()}, "another member": {Kind: authz.User, ID: id.New(), Tenant: mine.Tenant},
	} {
		f.who = who
		if w := f.ask(http.MethodGet, at); w.Code != nothing.Code || w.Body.String() != nothing.Body.String() {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	f.who = mine
	f.want(at, "pending", false)
}

func TestWhatOperationsCameToIsExportedAndGoesWhenSomebodyIsErased(t *testing.T) {
	t.Parallel()
	f := openFollowed(t)
	at := f.ask(http.MethodPost, "/v1/exports").Header().Get("Location")
	f.work()
	f.want(at, "succeeded", true)
	service := privacy.New(f.database, cryptotest.New(t, f.database), schemas())
	var exported strings.Builder
	if err := service.Export(t.Context(), f.who.ID, &exported); err != nil || !strings.Contains(exported.String(), "/files/7") {
		t.Errorf("exported %q, %v", exported.String(), err)
	}
	// Whom a result speaks of is not known: it goes whoever is erased.
	if _, err := service.Erase(t.Context(), id.New()); err != nil {
		t.Fatal(err)
	}
	if body := f.want(at, "succeeded", true); body["result"] != nil {
		t.Errorf("it came to %v", body["result"])
	}
}

func TestARequestThatIsRepeatedBeginsOneOperation(t *testing.T) {
	t.Parallel()
	f := openFollowed(t)
	f.key = "once"
	first, again := f.ask(http.MethodPost, "/v1/exports"), f.ask(http.MethodPost, "/v1/exports")
	at := first.Header().Get("Location")
	if first.Code != http.StatusAccepted || again.Code != first.Code || again.Header().Get("Location") != at || again.Body.String() != first.Body.String() {
		t.Errorf("%d %s, and then %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	f.work()
	f.want(at, "succeeded", true)
	f.key = ""
	if other := f.ask(http.MethodPost, "/v1/exports").Header().Get("Location"); other == at {
		t.Error("two requests begin one operation")
	}
	jobsLeft := dbtest.Value[int](t, f.database, `select count(*) from jobs.jobs`)
	if jobsLeft != 1 {
		t.Errorf("%d jobs are left of the second", jobsLeft)
	}
}
