package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// rollbackTimeout bounds a rollback, which must be tried although the caller's context is over.
const rollbackTimeout = 2 * time.Second

// InTx runs fn in a transaction and commits it if fn returns nil; an error or a panic of fn rolls it back. The transaction
// begins with the role, the tenant and the actor of ctx, and the limits in time, in one round trip, and nothing of them stays on
// the connection. A statement
// may take what is left until ctx's deadline, at most Options.StatementTimeout; one that takes longer, or waits too long for
// a lock, fails with an error that is context.DeadlineExceeded.
//
// A deadlock or serialization failure is returned and not retried: fn may have done things that are not in the database, and
// only the caller knows. InTx inside of fn takes a second connection, unless ctx is that of a Unit: in a pool full of such
// callers, all of them fail.
func (d *DB) InTx(ctx context.Context, fn func(context.Context, pgx.Tx) error) error {
	return d.run(ctx, false, fn)
}

// Read is InTx in which Postgres refuses to write.
func (d *DB) Read(ctx context.Context, fn func(context.Context, pgx.Tx) error) error {
	return d.run(ctx, true, fn)
}

// ExecAs executes a statement in a transaction that another DB began, which goes on as the role of d's schema and for whoever
// acts in ctx. It is one round trip.
func (d *DB) ExecAs(ctx context.Context, tx pgx.Tx, statement string, args ...any) error {
	scope := scopeOf(ctx)
	var b pgx.Batch
	b.Queue(become+d.reason, d.roleName(), scope.tenant, scope.actor)
	b.Queue(statement, args...)
	return intime(tx.SendBatch(ctx, &b).Close())
}

func (d *DB) run(ctx context.Context, readOnly bool, fn func(context.Context, pgx.Tx) error) error {
	if place, found := d.placeOf(ctx); found {
		return place.run(ctx, d, readOnly, fn)
	}
	return d.transact(ctx, fn, func(conn *pgxpool.Conn) (pgx.Tx, error) { return d.begin(ctx, readOnly, conn) })
}

// transact runs fn in a transaction that begin begins. One that has begun is returned with an error of what came after.
func (d *DB) transact(
	ctx context.Context, fn func(context.Context, pgx.Tx) error, begin func(*pgxpool.Conn) (pgx.Tx, error),
) error {
	conn, err := d.acquire(ctx)
	if err != nil {
		return fmt.Errorf("get a database connection: %w", err)
	}
	defer conn.Release()

	tx, err := begin(conn)
	if tx != nil {
		defer rollback(ctx, tx)
	}
	if err != nil {
		return fmt.Errorf("begin: %w", intime(err))
	}

	after := &hooks{}
	if err := fn(withHooks(ctx, after), tx); err != nil {
		return intime(err)
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", intime(err))
	}
	conn.Release() // before the hooks, which may want one; a second Release does nothing
	after.run(ctx)
	return nil
}

// acquire waits for a connection no longer than a statement may run, for callers whose context has no end.
func (d *DB) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	if _, ends := ctx.Deadline(); !ends {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.statementTimeout)
		defer cancel()
	}
	return d.pool.Acquire(ctx)
}

// begin sends everything in one query string: a round trip each would make the transaction cost more than what it does.
func (d *DB) begin(ctx context.Context, readOnly bool, conn *pgxpool.Conn) (pgx.Tx, error) {
	begin := "begin read write; "
	if readOnly {
		begin = "begin read only; "
	}
	return conn.BeginTx(ctx, pgx.TxOptions{BeginQuery: begin + d.settings(ctx)})
}

// settings returns the statements that give a transaction its role, its scope and its limits.
func (d *DB) settings(ctx context.Context) string {
	return d.setRole() + scopeOf(ctx).set() +
		"set local statement_timeout = " + milliseconds(d.timeout(ctx)) + "; " +
		"set local lock_timeout = " + milliseconds(d.lockTimeout) + "; " +
		"set local idle_in_transaction_session_timeout = " + milliseconds(d.statementTimeout)
}

// timeout is how long a statement may take.
func (d *DB) timeout(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return min(d.statementTimeout, time.Until(deadline))
	}
	return d.statementTimeout
}

// rollback ends what was not committed; after a commit it does nothing. It does not use the caller's context, which may be
// over: a connection that is still in a transaction would have to be thrown away. Its own failure is not of interest, since
// then the connection is closed and Postgres rolls back by itself.
func rollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	_ = tx.Rollback(ctx)
}
