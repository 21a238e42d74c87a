package db

import (
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// WithDial makes connections be dialled by dial.
func (o Options) WithDial(dial pgconn.DialFunc) Options {
	o.dial = dial
	return o
}

// Pool is the way around the transactions, to look at what they leave behind.
func (d *DB) Pool() *pgxpool.Pool {
	return d.pool
}
