package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/httpx"
)

// fakeDomain has one operation, GET /work.
type fakeDomain struct {
	domain // what is not overridden is not called

	work func(context.Context) error
}

func (d fakeDomain) Routes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{OperationID: "work", Method: http.MethodGet, Path: "/work"},
		Access:    httpx.Public,
	},
		func(ctx context.Context, _ *struct{}) (*struct{}, error) { return nil, d.work(ctx) })
}

// addresses is a log that keeps only where the servers of a process listen, by their names.
type addresses map[string]string

func (a addresses) Enabled(context.Context, slog.Level) bool { return true }

func (a addresses) WithAttrs([]slog.Attr) slog.Handler { return a }

func (a addresses) WithGroup(string) slog.Handler { return a }

func (a addresses) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "listening" {
		return nil
	}
	line := make(map[string]string)
	r.Attrs(func(attr slog.Attr) bool {
		line[attr.Key] = attr.Value.String()
		return true
	})
	a[line["server"]] = "http://" + line["addr"]
	return nil
}

// running is an App that serves a fakeDomain and needs nothing of others.
type running struct {
	*App

	// api and admin are the URLs of its servers.
	api   string
	admin string

	// signal does what a signal does, and done receives the result of Run.
	signal context.CancelFunc
	done   chan error
}

func runApp(t *testing.T, change func(*App), work func(context.Context) error) *running {
	t.Helper()
	cfg := config.Config{
		HTTPAddr:        "127.0.0.1:0",
		AdminAddr:       "127.0.0.1:0",
		RequestTimeout:  time.Minute,
		MaxInFlight:     100,
		MaxBodyBytes:    1000,
		ShutdownTimeout: time.Minute,
	}
	ctx, signal := context.WithCancel(t.Context())
	addrs := make(addresses)
	a := newApp(cfg, slog.New(addrs))
	change(a)
	if err := a.serveAdmin(ctx); err != nil {
		t.Fatal(err)
	}
	if err := a.serveAPI(ctx, []domain{fakeDomain{nil, work}}); err != nil {
		t.Fatal(err)
	}
	r := &running{App: a, api: addrs["api"], admin: addrs["admin"], signal: signal, done: make(chan error, 1)}
	go func() { r.done <- a.Run(ctx) }()
	return r
}

// get asks for url and returns an error for any status but the wanted one.
func get(client *http.Client, url string, want int) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != want {
		return fmt.Errorf("%s is %s, want %d", url, response.Status, want)
	}
	return nil
}
