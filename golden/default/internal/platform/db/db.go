package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// DB runs transactions in one database. It is safe for concurrent use.
type DB struct {
	pool             *pgxpool.Pool
	role             string
	reason           string
	statementTimeout time.Duration
	lockTimeout      time.Duration
	pooler           bool
}

// Open connects to the database at o.URL. Its transactions run as the login itself, which is meant for tests and for tools:
// a package takes what As returns.
func Open(ctx context.Context, o Options) (*DB, error) {
	config, err := o.pool()
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	d := &DB{pool: pool, statementTimeout: o.StatementTimeout, lockTimeout: o.LockTimeout, pooler: o.Pooler}
	// Ping now, so that a wrong address fails at start and not at the first request.
	if err := d.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return d, nil
}

// As returns the same pool, whose transactions run as the role of the schema. The role is a matter of each transaction, so
// that it costs no pool of its own.
func (d *DB) As(schema string) *DB {
	as := *d
	as.role = role(schema)
	return &as
}

// Ping asks Postgres for a sign of life.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.pool.Ping(ctx); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Close waits for the transactions that are under way and closes the pool, for all that As returned too.
func (d *DB) Close() {
	d.pool.Close()
}
