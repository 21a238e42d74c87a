package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/jobs"
)

// serveAPI serves the operations of the domains, their description and the health of the process.
func (a *App) serveAPI(ctx context.Context, domains []domain) error {
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, a.api)
	for _, d := range domains {
		d.Routes(api)
	}
	api.Refuse(httpx.Refusal{Err: jobs.ErrBehind, Status: http.StatusServiceUnavailable, Code: "jobs_behind"})
	a.jobsDesk.routes(api)
	a.operationsDesk.routes(api)
	if err := httpx.Describe(mux, api); err != nil {
		return err
	}
	a.servedOps = api.Operations()
	a.health.Routes(mux)
	return a.listen(ctx, "api", a.cfg.HTTPAddr, httpx.Server(httpx.Handler(mux, a.api), a.api))
}

// serveAdmin serves the health and the profiles of the process. It is opened before the work begins and closed after it
// has ended, so that the process answers while it drains.
func (a *App) serveAdmin(ctx context.Context) error {
	mux := http.NewServeMux()
	a.health.Routes(mux)
	mux.Handle("GET /caches", a.cacheStore)
	return a.listen(ctx, "admin", a.cfg.AdminAddr, httpx.AdminServer(mux, a.log))
}

// listen binds addr and serves it until close.
func (a *App) listen(ctx context.Context, name, addr string, server *http.Server) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("serve %s: %w", name, err)
	}
	a.log.Info("listening", slog.String("server", name), slog.String("addr", listener.Addr().String()))

	a.onClose(name, func(ctx context.Context) error {
		if err := server.Shutdown(ctx); err != nil {
			return errors.Join(err, server.Close()) // ends the contexts of the requests that would not end
		}
		return nil
	})
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.fail(fmt.Errorf("serve %s: %w", name, err))
		}
	}()
	return nil
}
