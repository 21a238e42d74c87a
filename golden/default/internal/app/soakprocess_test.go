package app

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/config"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/jobs"
	"example.com/myapp/internal/platform/logging"
)

// soakSchema holds what was asked for and what came of it: how often a number stands in probe.effects is how often its job
// had an effect.
func soakSchema() db.Schema {
	return db.Schema{Name: "probe", Files: fstest.MapFS{"0001_probe.sql": {Data: []byte(`-- +goose Up
create table probe.requests (number bigint primary key);
create table probe.effects (number bigint not null);
grant select, insert on probe.requests, probe.effects to myapp_probe;
`)}}}
}

// soakJob is the work behind one request.
type soakJob struct{ Number int64 }

func (soakJob) Kind() string { return "probe.note" }

// soakDomain writes down a number in a request and has its effect in a job.
type soakDomain struct {
	domain // what is not overridden is not called

	database *db.DB
}

func (d soakDomain) Jobs(mux *jobs.Mux) {
	jobs.Handle(mux, d.database, func(ctx context.Context, tx pgx.Tx, job soakJob) error {
		_, err := tx.Exec(ctx, `insert into probe.effects (number) values ($1)`, job.Number)
		return err
	})
}

func (d soakDomain) Routes(api *httpx.API) {
	type input struct {
		Number int64 `query:"number"`
	}
	httpx.Register(api, httpx.Operation{
		Operation: huma.Operation{OperationID: "work", Method: http.MethodPost, Path: "/work"},
		Access:    httpx.Public,
		Audit:     httpx.NotAudited("a test"),
	}, func(ctx context.Context, in *input) (*struct{}, error) {
		return nil, d.database.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			// Who got no answer asks again, and it may have been done.
			tag, err := tx.Exec(ctx, `insert into probe.requests (number) values ($1) on conflict do nothing`, in.Number)
			if err != nil || tag.RowsAffected() == 0 {
				return err
			}
			return jobs.Enqueue(ctx, tx, soakJob{in.Number})
		})
	})
}

// TestSoakProcess is no test: it is the process that the others start, kill and stop.
func TestSoakProcess(t *testing.T) {
	role := os.Getenv("SOAK_PROCESS")
	if role == "" {
		t.Skip("the others start it")
	}
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	if err := runSoak(ctx, role); err != nil {
		t.Fatal(err)
	}
}

// runSoak is a process of the application whose one domain is the one of the test.
func runSoak(ctx context.Context, role string) error {
	cfg, err := config.Load(os.Environ())
	if err != nil {
		return err
	}
	a := newApp(cfg, logging.New(os.Stderr, logging.Options{Level: cfg.Level(), Text: true}))
	database, err := db.Open(ctx, databaseOptions(cfg))
	if err != nil {
		return err
	}
	a.onClose("postgres", func(context.Context) error { database.Close(); return nil })
	probe := soakDomain{nil, database.As("probe")}
	if role == "serve" {
		if err := a.serveAPI(ctx, []domain{probe}); err != nil {
			return err
		}
		return a.Run(ctx)
	}
	engine, err := a.soakEngine(ctx)
	if err != nil {
		return err
	}
	mux := jobs.NewMux()
	probe.Jobs(mux)
	worker := jobs.NewWorker(database, engine, mux, jobs.Options{Log: a.log, SweepAfter: time.Second})
	if err := worker.Start(ctx); err != nil {
		return err
	}
	a.onClose("jobs", worker.Stop)
	return a.Run(ctx)
}
