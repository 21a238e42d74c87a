package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
)

// tiredError is an error that goes away by itself.
type tiredError struct{ error }

func (tiredError) RetryAfter() time.Duration { return 90 * time.Second }

func (e tiredError) Unwrap() error { return e.error }

func TestAnErrorOfADomainIsToldAsTheDomainSays(t *testing.T) {
	errGone, errTired, errFull := errors.New("it was here"), errors.New("come again"), errors.New("no room")
	var fails error
	options := testOptions(t.Output())
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, options)
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{OperationID: "fail", Method: http.MethodGet, Path: "/fail"}, Access: httpx.Public,
	}, func(context.Context, *struct{}) (*struct{}, error) { return nil, fails })
	api.Refuse(
		httpx.Refusal{Err: errGone, Status: http.StatusGone, Code: "it_gone"},
		httpx.Refusal{Err: errTired, Status: http.StatusTooManyRequests, Code: "tired"},
		httpx.Refusal{Err: errFull, Status: http.StatusServiceUnavailable, Code: "full"},
	)
	handler := httpx.Handler(mux, options)
	for _, test := range []struct {
		err         error
		status      int
		code, again string
	}{
		{fmt.Errorf("row 17: %w", errGone), 410, "it_gone: it was here", ""},
		{fmt.Errorf("key 3: %w", tiredError{errTired}), 429, "tired: come again", "91"},
		{errFull, 503, "full: no room", "1"},
		{errors.New("nobody said"), 500, "internal_server_error: " + ourFault, ""},
	} {
		fails = test.err
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/fail", nil))
		p := decode(t, w.Body.String())
		if got := fmt.Sprint(p["code"], ": ", p["detail"]); w.Code != test.status || got != test.code || w.Header().Get("Retry-After") != test.again {
			t.Errorf("%v: got %d %q, Retry-After %q", test.err, w.Code, got, w.Header().Get("Retry-After"))
		}
	}
}

func TestAnErrorBeforeTheRouteIsToldWithItsHeaders(t *testing.T) {
	shared := httpx.NewProblem(http.StatusTooManyRequests, "tired", "come again")
	options := testOptions(t.Output())
	options.Authenticate = func(*http.Request) (authz.Principal, error) {
		return authz.Principal{}, huma.ErrorWithHeaders(shared, http.Header{"Retry-After": {"7"}})
	}
	w := httptest.NewRecorder()
	httpx.Handler(http.NewServeMux(), options).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if p := decode(t, w.Body.String()); w.Code != 429 || p["code"] != "tired" || p["request_id"] == nil || w.Header().Get("Retry-After") != "7" {
		t.Errorf("got %d %v, Retry-After %q", w.Code, p, w.Header().Get("Retry-After"))
	}
	if shared.RequestID != "" {
		t.Errorf("the request id %s stands in what all requests share", shared.RequestID)
	}
}
