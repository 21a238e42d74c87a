package billing

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.com/myapp/internal/platform/db"
	"example.com/myapp/internal/platform/id"
	"example.com/myapp/internal/platform/page"
)

const columns = `id, name, version, created_at, updated_at`

const findOne = `select ` + columns + ` from billing.invoices where id = $1 and deleted_at is null`

func insert(ctx context.Context, tx pgx.Tx, f InvoiceFields) (Invoice, error) {
	return one(ctx, tx, `
		insert into billing.invoices (id, name) values ($1, $2)
		returning `+columns, id.Make[invoiceKind](), f.Name)
}

// get reads one outside of a transaction: a round trip in all.
func get(ctx context.Context, d *db.DB, wanted InvoiceID) (Invoice, error) {
	found, err := db.One[Invoice](ctx, d, findOne, wanted)
	return found, known(err)
}

func list(ctx context.Context, d *db.DB, r page.Request) (page.Page[Invoice], error) {
	const query = `
		select ` + columns + ` from billing.invoices
		where id < $1 and deleted_at is null
		order by id desc limit $2`
	found, err := page.Read(ctx, d, r, func(i Invoice) id.UUID { return i.ID.UUID() }, query)
	return found, known(err)
}

// update compares the version and writes in one statement: of two changes to one version, the second finds no row.
func update(ctx context.Context, tx pgx.Tx, r UpdateRequest) (Invoice, error) {
	updated, err := one(ctx, tx, `
		update billing.invoices set name = $3, version = version + 1, updated_at = now()
		where id = $1 and deleted_at is null and (version = $2 or $2::bigint = 0)
		returning `+columns, r.ID, r.Version, r.Name)
	return updated, whyNot(ctx, tx, r.ID, err)
}

func remove(ctx context.Context, tx pgx.Tx, r DeleteRequest) (Invoice, error) {
	removed, err := one(ctx, tx, `
		update billing.invoices set deleted_at = now(), version = version + 1
		where id = $1 and deleted_at is null and (version = $2 or $2::bigint = 0)
		returning `+columns, r.ID, r.Version)
	return removed, whyNot(ctx, tx, r.ID, err)
}

// whyNot tells apart why a change found no row: it is there in another version, or it is not there.
func whyNot(ctx context.Context, tx pgx.Tx, wanted InvoiceID, err error) error {
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	if _, err := one(ctx, tx, findOne, wanted); err != nil {
		return err
	}
	return ErrStale
}

// one runs a statement whose result is one row.
func one(ctx context.Context, tx pgx.Tx, query string, args ...any) (Invoice, error) {
	found, err := db.Row[Invoice](ctx, tx, query, args...)
	return found, known(err)
}

// known says in words of the domain that there was no row.
func known(err error) error {
	switch {
	case err == nil:
		return nil
	case db.NotFound(err):
		return ErrNotFound
	default:
		return fmt.Errorf("query invoices: %w", err)
	}
}
