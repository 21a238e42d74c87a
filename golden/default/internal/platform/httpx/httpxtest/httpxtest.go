// Package httpxtest calls the routes of a domain in its tests, through all that a client's request goes through, without a
// network.
package httpxtest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
)

// Client sends requests. It is safe for concurrent use.
type Client struct {
	t       testing.TB
	ctx     context.Context
	handler http.Handler
}

// New returns a client of the routes that the function adds. What they log is shown if the test fails.
func New(t testing.TB, routes func(*httpx.API)) *Client {
	options := httpx.Options{
		Name:           "test",
		RequestTimeout: 10 * time.Second,
		MaxInFlight:    64,
		MaxBodyBytes:   1 << 16,
		Authenticate:   func(r *http.Request) (authz.Principal, error) { return authz.From(r.Context()), nil },
		Log:            slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, options)
	routes(api)
	if err := api.Err(); err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, ctx: t.Context(), handler: httpx.Handler(mux, options)}
}

// As returns a client of the same routes whose requests come from whoever acts in ctx. Without it they come from nobody.
func (c *Client) As(ctx context.Context) *Client {
	as := *c
	as.ctx = ctx
	return &as
}

// Do sends a request with a body of JSON. If version is more than 0 its ETag is sent as If-Match.
func (c *Client) Do(method, target, body string, version int64) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(c.ctx, method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if version > 0 {
		r.Header.Set("If-Match", httpx.ETag(version))
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

// Refused checks that w is a problem with this status and code, which tells nothing of the database.
func (c *Client) Refused(what string, w *httptest.ResponseRecorder, status int, code string) {
	c.t.Helper()
	got := Decode[httpx.Problem](c.t, w)
	if w.Code != status || got.Code != code || got.RequestID == "" || strings.Contains(w.Body.String(), "SQLSTATE") {
		c.t.Errorf("%s: want %d %s, got %d %s", what, status, code, w.Code, w.Body)
	}
}

// Code is the status and the code of the problem that was answered.
func Code(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	return strconv.Itoa(w.Code) + " " + Decode[httpx.Problem](t, w).Code
}

// Decode reads the JSON that was answered.
func Decode[T any](t testing.TB, w *httptest.ResponseRecorder) (decoded T) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &decoded); err != nil {
		t.Fatalf("%d %q: %v", w.Code, w.Body, err)
	}
	return decoded
}
