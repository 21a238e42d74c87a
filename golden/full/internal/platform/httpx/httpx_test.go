package httpx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/logging"
)

// The text of an error that must stay inside, and what a client sends that must not be logged.
const (
	inside = "canary-inside"
	sent   = "canary-sent"
)

var errTaken = httpx.NewProblem(http.StatusConflict, "name_taken", "another one has that name")

// surface is the HTTP surface of a small API, and what it logged.
type surface struct {
	http.Handler

	log *buffer
}

// buffer is a log that can be read while it is written.
type buffer struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}

func testOptions(log io.Writer) httpx.Options {
	return httpx.Options{
		Name:           "test",
		Version:        "v1",
		RequestTimeout: time.Minute,
		MaxInFlight:    8,
		MaxBodyBytes:   256,
		Log:            logging.New(log, logging.Options{}),
	}
}

// newSurface returns a surface with changed options and further routes.
func newSurface(t *testing.T, change func(*httpx.Options), routes ...func(*http.ServeMux)) surface {
	t.Helper()
	log := &buffer{}
	options := testOptions(log)
	if change != nil {
		change(&options)
	}
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, options)
	register(api)
	doors(api)
	if err := httpx.Describe(mux, api); err != nil {
		t.Fatal(err)
	}
	for _, add := range routes {
		add(mux)
	}
	return surface{Handler: httpx.Handler(mux, options), log: log}
}

type itemInput struct {
	ID   string `path:"id" maxLength:"8"`
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100"`
	}
}

type itemOutput struct {
	Body struct {
		Name string `json:"name"`
	}
}

// register adds PUT /items/{id}: the name says what happens.
func register(api *httpx.API) {
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{OperationID: "put-item", Method: http.MethodPut, Path: "/items/{id}"},
		Access:    httpx.Public, Audit: "test.item_put",
	},
		func(ctx context.Context, in *itemInput) (*itemOutput, error) {
			switch in.Body.Name {
			case "taken":
				return nil, fmt.Errorf("put item: %w", errTaken)
			case "broken":
				return nil, errors.New(inside)
			case "huma":
				return nil, huma.Error500InternalServerError(inside, &huma.ErrorDetail{Message: inside, Location: "body.name", Value: sent})
			case "gone":
				return nil, huma.Error410Gone("it was here")
			case "slow":
				<-ctx.Done()
				return nil, fmt.Errorf("query: %w", ctx.Err())
			case "late":
				return nil, fmt.Errorf("statement timed out: %w", context.DeadlineExceeded)
			case "panic":
				panic(inside)
			}
			out := &itemOutput{}
			out.Body.Name = in.Body.Name
			return out, nil
		})
}

// put sends a body to the item.
func (s surface) put(body string, headers ...string) *httptest.ResponseRecorder {
	return s.do(http.MethodPut, "/items/1?q="+sent, strings.NewReader(body), headers...)
}

// do sends a request with headers, which are names and values in turn.
func (s surface) do(method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Request-Id", "test-1")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// decode reads a JSON object.
func decode(t *testing.T, body string) map[string]any {
	t.Helper()
	var decoded map[string]any
	if err := json.Unmarshal([]byte(body), &decoded); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return decoded
}
