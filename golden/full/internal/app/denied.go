package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/logging"
)

// refusalLog records which operations were refused to whom. Of the same one it records the first, the second, the fourth and so
// on, with the count: a million tries are 20 entries. Who is not signed in is one for each operation. The counts are in the
// memory of this process; when there are too many, all begin anew.
type refusalLog struct {
	database *db.DB
	log      *slog.Logger

	mu    sync.Mutex
	times map[refusalKey]int
}

type refusalKey struct {
	tenant, actor id.UUID
	operation     string
}

// mostRefusals is how many are counted at once.
const mostRefusals = 10_000

func newRefusalLog(database *db.DB, log *slog.Logger) *refusalLog {
	return &refusalLog{database: database.As("audit"), log: log, times: map[refusalKey]int{}}
}

// recordRefusal implements httpx.Options.Denied. Its transaction is its own, so that it lasts whatever becomes of the request; if
// it fails the client is told the same.
func (r *refusalLog) recordRefusal(ctx context.Context, op httpx.Operation) {
	who := authz.From(ctx)
	refused := refusalKey{who.Tenant, who.ID, op.Method + " " + op.Path}
	times := r.count(refused)
	if times&(times-1) != 0 { // not a power of two
		return
	}
	alone := logging.WithRequestID(authz.With(context.Background(), who), logging.RequestID(ctx)) // without the unit of ctx
	alone, cancel := context.WithTimeout(alone, 2*time.Second)
	defer cancel()
	err := r.database.InTx(alone, func(ctx context.Context, tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{
			Action: "api.operation_refused", Subject: refused.operation, Details: map[string]int{"times": times}, Denied: true,
		})
	})
	if err != nil {
		r.log.ErrorContext(ctx, "a refusal is not in the audit log", slog.String("route", refused.operation), slog.Any("error", err))
	}
}

// count returns how often it was refused until now.
func (r *refusalLog) count(refused refusalKey) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.times) >= mostRefusals {
		clear(r.times)
	}
	r.times[refused]++
	return r.times[refused]
}
