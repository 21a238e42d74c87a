package idempotency_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/db/dbtest"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/idempotency"
)

// schemas are those of the shop, in which each effect of a request is an order.
func schemas() []db.Schema {
	orders := `-- +goose Up
		create table orders.orders (
			id    bigint generated always as identity primary key,
			after bigint references orders.orders deferrable initially deferred);
		grant select, insert on orders.orders to myapp_orders;`
	return []db.Schema{
		idempotency.Schema(),
		{Name: "orders", Files: fstest.MapFS{"0001_orders.sql": {Data: []byte(orders)}}},
	}
}

type order struct {
	Location  string `header:"Location"`
	SetCookie string `header:"Set-Cookie"`
	Body      struct {
		Order int64
		Text  string
	}
}

// take is what the shop does with a request.
type take func(ctx context.Context, orders *db.DB) (*order, error)

// place makes an order.
func place(ctx context.Context, orders *db.DB) (*order, error) {
	taken := &order{Location: "/orders/1"}
	err := orders.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, "insert into orders.orders default values returning id").Scan(&taken.Body.Order)
	})
	return taken, err
}

// serve returns the shop, through all that a client's request goes through.
func serve(database *db.DB, log *slog.Logger, take take) http.Handler {
	options := httpx.Options{
		Name:           "shop",
		RequestTimeout: 20 * time.Second,
		MaxInFlight:    1000,
		MaxBodyBytes:   1000,
		Authenticate:   func(r *http.Request) (authz.Principal, error) { return authz.From(r.Context()), nil },
		Around:         []func(http.Handler) http.Handler{idempotency.Handler(database, 20*time.Second)},
		Log:            log,
	}
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, options)
	for _, op := range []httpx.Operation{
		{Operation: huma.Operation{OperationID: "order", Method: http.MethodPost, Path: "/orders", DefaultStatus: http.StatusCreated}},
		{Operation: huma.Operation{OperationID: "put", Method: http.MethodPut, Path: "/orders"}},
		{Operation: huma.Operation{OperationID: "look", Method: http.MethodGet, Path: "/orders"}},
		{Operation: huma.Operation{OperationID: "other", Method: http.MethodPost, Path: "/others"}},
		{Operation: huma.Operation{OperationID: "secret", Method: http.MethodPost, Path: "/secrets"}, Secret: true},
	} {
		op.Access, op.Audit = httpx.Public, httpx.NotAudited("it is a test")
		httpx.Register(api, op, func(ctx context.Context, _ *struct{}) (*order, error) {
			return take(ctx, database.As("orders"))
		})
	}
	return httpx.Handler(mux, options)
}

// shop is one that is open.
type shop struct {
	t        *testing.T
	database *db.DB
	handler  http.Handler
}

func open(t *testing.T, take take) shop {
	t.Helper()
	t.Parallel()
	return reopen(t, dbtest.New(t, schemas()...), take)
}

func reopen(t *testing.T, database *db.DB, take take) shop {
	return shop{t, database, serve(database, slog.New(slog.NewTextHandler(t.Output(), nil)), take)}
}

// request is one to the shop; what is empty is that of a POST /orders by a user under the key "k".
type request struct {
	method, target, body, ifMatch string
	keys                          []string
	who                           authz.Principal
}

func (s shop) send(r request) *httptest.ResponseRecorder {
	if r.method == "" {
		r.method = http.MethodPost
	}
	if r.target == "" {
		r.target = "/orders"
	}
	if r.keys == nil {
		r.keys = []string{"k"}
	}
	if r.who.Kind == authz.Nobody {
		r.who.Kind = authz.User
	}
	ctx := authz.With(s.t.Context(), r.who)
	sent := httptest.NewRequestWithContext(ctx, r.method, r.target, strings.NewReader(r.body))
	sent.Header.Set("Content-Type", "text/plain")
	sent.Header["Idempotency-Key"] = r.keys
	sent.Header.Set("If-Match", r.ifMatch)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, sent)
	return w
}

// orders is how many there are.
func (s shop) orders() int {
	return dbtest.Value[int](s.t, s.database, "select count(*) from orders.orders")
}

// change changes what is stored as no program does.
func (s shop) change(set string) {
	s.t.Helper()
	if err := s.database.InTx(s.t.Context(), dbtest.Exec("update idempotency.keys set "+set)); err != nil {
		s.t.Fatal(err)
	}
}

// replayed says whether w is the answer of an earlier request.
func replayed(w *httptest.ResponseRecorder) bool {
	return w.Header().Get("Idempotency-Replayed") == "true"
}
