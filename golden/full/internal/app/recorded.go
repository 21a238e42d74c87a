package app

import (
	"context"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/audit"
)

// recordDone returns what adds something that was done to the audit log, in the transaction that does it.
func recordDone(action, subject string, details any) func(context.Context, pgx.Tx) error {
	return func(ctx context.Context, tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Action: action, Subject: subject, Details: details})
	}
}
