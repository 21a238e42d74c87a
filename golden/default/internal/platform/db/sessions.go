package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Sessions opens a pool of o.MaxConns connections that are in the role of the schema from their beginning to their end. It is
// for a library of queues, which runs statements of its own; a package uses As. It does not go through a pooler, which would leave the
// role on a stranger's connection: with one, it uses o.MigrateURL.
func Sessions(ctx context.Context, o Options, schema string) (*pgxpool.Pool, error) {
	if err := check(role(schema)); err != nil {
		return nil, err
	}
	if o.Pooler {
		if o.MigrateURL.IsZero() {
			return nil, errors.New("sessions with a role need the address of Postgres itself")
		}
		o.URL, o.Pooler = o.MigrateURL, false
	}
	config, err := o.pool()
	if err != nil {
		return nil, err
	}
	config.ConnConfig.RuntimeParams["role"] = role(schema)
	delete(config.ConnConfig.RuntimeParams, "default_transaction_read_only") // the library does not say that it writes
	// A queue is empty when most plans are made, and long when they matter: then only the order of an index does.
	for _, plan := range []string{"enable_seqscan", "enable_bitmapscan", "enable_sort"} {
		config.ConnConfig.RuntimeParams[plan] = "off"
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open sessions: %w", err)
	}
	return pool, nil
}
