package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Batch is queries that are sent together and answered together: one round trip, one transaction, in which Postgres refuses
// to write. It has the role, tenant, actor and limits of InTx, and costs little more than its queries alone. A setting that a
// query makes with set_config(..., true) is seen by those after it.
type Batch struct {
	db     *DB
	role   string // that the next query would run as
	queued pgx.Batch
}

// What makes the transaction of a batch what BEGIN makes another: the statements of a batch are one transaction without it.
const (
	become = `select set_config('role', $1, true), set_config('app.tenant_id', $2, true), set_config('app.actor_id', $3, true)`
	reads  = become + `, set_config('transaction_read_only', 'on', true)`
	limits = `select set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true)`
	begin  = become + `, set_config('statement_timeout', $4, true), set_config('idle_in_transaction_session_timeout', $4, true),
		set_config('lock_timeout', $5, true)`
)

// Batch returns an empty batch, for whoever acts in ctx.
func (d *DB) Batch(ctx context.Context) *Batch {
	b := &Batch{db: d, role: d.roleName()}
	settings := become
	if d.pooler { // whose connections do not only read
		settings = reads
	}
	scope := scopeOf(ctx)
	b.queued.Queue(settings, b.role, scope.tenant, scope.actor)
	if timeout := d.timeout(ctx); d.pooler || timeout < d.statementTimeout {
		b.queued.Queue(limits, milliseconds(timeout), milliseconds(d.lockTimeout))
	}
	return b
}

// Begin returns a batch that InTx sends, for whoever acts in ctx. A statement may take as long as timeout, and so may what is done
// between two.
func (d *DB) Begin(ctx context.Context, timeout time.Duration) *Batch {
	b := &Batch{db: d, role: d.roleName()}
	scope := scopeOf(ctx)
	b.queued.BeginTx(pgx.TxOptions{AccessMode: pgx.ReadWrite})
	b.queued.Queue(begin, b.role, scope.tenant, scope.actor, milliseconds(timeout), milliseconds(d.lockTimeout))
	return b
}

// roleName is the role for set_config, where none is the login itself.
func (d *DB) roleName() string {
	if d.role == "" {
		return "none"
	}
	return d.role
}

// Become makes what follows that of the role of as.
func (b *Batch) Become(as *DB) {
	if role := as.roleName(); role != b.role {
		b.queued.Queue(`select set_config('role', $1, true)`, role)
		b.role = role
	}
}

// Queue adds a query that runs as the role of as. Read is given its rows when the batch is sent.
func (b *Batch) Queue(as *DB, read func(pgx.Rows) error, query string, args ...any) {
	b.Become(as)
	b.queued.Queue(query, args...).Query(read)
}

// Send sends the queries and reads their answers, in order. It stops at the first error.
func (b *Batch) Send(ctx context.Context) error {
	if place, found := b.db.placeOf(ctx); found && place.unit.begun.Load() {
		return place.run(ctx, b.db, true, func(ctx context.Context, tx pgx.Tx) error {
			return tx.SendBatch(ctx, &b.queued).Close()
		})
	}
	conn, err := b.db.acquire(ctx)
	if err != nil {
		return fmt.Errorf("get a database connection: %w", err)
	}
	defer conn.Release()
	return intime(conn.SendBatch(ctx, &b.queued).Close())
}

// InTx runs fn as DB.InTx does, in a transaction that begins with the queries: with its BEGIN they are one round trip. It goes on as
// the role that they ended with, and is in no Unit.
func (b *Batch) InTx(ctx context.Context, fn func(context.Context, pgx.Tx) error) error {
	return b.db.transact(ctx, fn, func(conn *pgxpool.Conn) (pgx.Tx, error) {
		results := conn.SendBatch(ctx, &b.queued)
		return results.Tx(), results.Close()
	})
}

// One runs a query for one row, in a round trip and a read-only transaction of its own. The columns are read into the fields
// of T by their names. Without a row its error is one that NotFound knows.
func One[T any](ctx context.Context, d *DB, query string, args ...any) (found T, err error) {
	b := d.Batch(ctx)
	b.Queue(d, func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
		return err
	}, query, args...)
	err = b.Send(ctx)
	return found, err
}

// All is One for any number of rows.
func All[T any](ctx context.Context, d *DB, query string, args ...any) (found []T, err error) {
	b := d.Batch(ctx)
	b.Queue(d, func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	}, query, args...)
	err = b.Send(ctx)
	return found, err
}

// Row is One in a transaction that is open, for a statement that may write.
func Row[T any](ctx context.Context, tx pgx.Tx, query string, args ...any) (T, error) {
	rows, _ := tx.Query(ctx, query, args...) // its error is that of CollectExactlyOneRow
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
}
