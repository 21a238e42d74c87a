package db

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrUnitOver is the answer to a transaction in a unit that was committed or rolled back before.
var ErrUnitOver = errors.New("the unit of work is over")

// Unit is several transactions that become one. InTx and Read, and after them a Batch, on any DB of the same pool, join it if their
// context is the one that Unit gave: each is a savepoint with its own role, which its failure undoes, and nothing of it lasts before Commit.
// Deferred constraints are checked at the end of an InTx, as if it were alone; after the first one those that are
// deferrable initially immediate are deferred, too.
//
// It holds a connection from the first of them on. So between the first and Commit nothing may wait for others: no call of a
// vendor, no sleep. Goroutines may share its context; their transactions run one after the other.
type Unit struct {
	db   *DB
	root *frame

	// conn and tx are nil until the first transaction, and belong to whoever holds the innermost frame.
	conn       *pgxpool.Conn
	tx         pgx.Tx
	savepoints int

	// begun is true from the first transaction on. A Batch before it is one of its own: there is nothing yet that it could not see,
	// and what follows may take long, such as the hash of a password.
	begun atomic.Bool
}

// frame is one transaction of a unit, in which others can be nested. Whoever holds its turn is the only one below it.
type frame struct {
	turn     chan struct{}
	over     chan struct{}
	end      func()
	settings func() string

	// after is what runs once the unit has committed, unless the frame is undone.
	after hooks
}

type frameKey struct{}

// place is where a context is: in a frame of a unit.
type place struct {
	unit  *Unit
	frame *frame
}

// Unit returns a context whose transactions on this pool are one, and that one, which the caller ends by Commit or Rollback.
func (d *DB) Unit(ctx context.Context) (context.Context, *Unit) {
	u := &Unit{db: d, root: newFrame(nil)}
	return place{u, u.root}.in(ctx), u
}

// in returns a context that is at the place.
func (p place) in(ctx context.Context) context.Context {
	return withHooks(context.WithValue(ctx, frameKey{}, p), &p.frame.after)
}

// placeOf returns where ctx is, if that is in a unit on the pool of d.
func (d *DB) placeOf(ctx context.Context) (place, bool) {
	p, found := ctx.Value(frameKey{}).(place)
	return p, found && p.unit.db.pool == d.pool
}

// Commit runs fn in the unit, as InTx of the DB that began it would, and makes all of it last. If it fails nothing does.
func (u *Unit) Commit(ctx context.Context, fn func(context.Context, pgx.Tx) error) error {
	defer u.Rollback(ctx)
	if err := (place{u, u.root}).run(ctx, u.db, false, fn); err != nil {
		return err
	}
	u.root.end()
	if err := u.tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", intime(err))
	}
	u.Rollback(ctx) // gives the connection back, which a hook may want
	u.root.after.run(ctx)
	return nil
}

// Rollback undoes all that was done in the unit. After Commit it does nothing.
func (u *Unit) Rollback(ctx context.Context) {
	u.root.end()
	if u.tx != nil {
		rollback(ctx, u.tx)
		u.conn.Release()
		u.tx = nil
	}
}

// run is DB.run at a place in a unit.
func (p place) run(ctx context.Context, d *DB, readOnly bool, fn func(context.Context, pgx.Tx) error) error {
	if err := p.frame.await(ctx, d); err != nil {
		return err
	}
	defer func() { <-p.frame.turn }()

	u := p.unit
	u.savepoints++
	name := "unit_" + strconv.Itoa(u.savepoints)
	f := newFrame(func() string { return d.settings(ctx) })
	if err := u.enter(ctx, d, name, f, readOnly); err != nil {
		return fmt.Errorf("begin: %w", intime(err))
	}
	kept := false
	defer func() {
		if !kept {
			u.undo(ctx, name)
		}
	}()
	if err := f.do(place{u, f}.in(ctx), u.tx, fn); err != nil {
		return intime(err)
	}
	if readOnly {
		return nil // undone, and with it what the transaction was set to
	}
	if err := u.keep(ctx, name, p.frame); err != nil {
		return fmt.Errorf("commit: %w", intime(err))
	}
	kept = true
	p.frame.after.add(f.after.take()...)
	return nil
}

// enter sets the savepoint, and takes a connection and begins if nobody did before.
func (u *Unit) enter(ctx context.Context, d *DB, name string, f *frame, readOnly bool) error {
	query := "savepoint " + name + "; " + f.settings()
	if readOnly {
		query += "; set local transaction_read_only = on"
	}
	if u.tx != nil {
		_, err := u.tx.Exec(ctx, query)
		if err != nil {
			u.undo(ctx, name)
		}
		return err
	}
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{BeginQuery: "begin read write; " + query})
	if err != nil {
		conn.Release()
		return err
	}
	u.conn, u.tx = conn, tx
	u.begun.Store(true)
	return nil
}

// keep gives up the savepoint and goes on as the transaction around it, or checks what is deferred if there is none: now the
// role is that of the statements to be checked, which it is no longer when the unit commits.
func (u *Unit) keep(ctx context.Context, name string, around *frame) error {
	query := "release savepoint " + name
	if around == u.root {
		query = "set constraints all immediate; set constraints all deferred; " + query
	} else {
		query += "; " + around.settings()
	}
	_, err := u.tx.Exec(ctx, query)
	return err
}

// undo goes back to the savepoint, and to the role and the limits that held there. Where it fails the connection is lost, and
// with it the unit.
func (u *Unit) undo(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	_, _ = u.tx.Exec(ctx, "rollback to savepoint "+name+"; release savepoint "+name)
}

func newFrame(settings func() string) *frame {
	f := &frame{turn: make(chan struct{}, 1), over: make(chan struct{}), settings: settings}
	// The end waits for who is below, so that the connection is given back when nobody uses it.
	f.end = sync.OnceFunc(func() {
		f.turn <- struct{}{}
		close(f.over)
	})
	return f
}

// do runs fn in the frame and ends it.
func (f *frame) do(ctx context.Context, tx pgx.Tx, fn func(context.Context, pgx.Tx) error) error {
	defer f.end()
	return fn(ctx, tx)
}

// await waits for the turn, no longer than a connection is waited for.
func (f *frame) await(ctx context.Context, d *DB) error {
	ctx, cancel := context.WithTimeout(ctx, d.statementTimeout)
	defer cancel()
	select {
	case f.turn <- struct{}{}:
		return nil
	case <-f.over:
		return ErrUnitOver
	case <-ctx.Done():
		return fmt.Errorf("wait for another transaction of the unit: %w", ctx.Err())
	}
}
