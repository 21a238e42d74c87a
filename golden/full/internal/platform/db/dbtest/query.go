package dbtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
)

// Exec returns a function that runs one statement, to be given to InTx or Read.
func Exec(statement string, args ...any) func(context.Context, pgx.Tx) error {
	return func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	}
}

// Value returns the result of a query for one value. On the handle that New returned it sees every schema.
func Value[T any](t testing.TB, database *db.DB, query string, args ...any) (value T) {
	t.Helper()
	err := database.Read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&value)
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}
