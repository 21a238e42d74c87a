package db

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/myapp/internal/platform/secret"
)

// How long connections live. They are renewed at different moments (jitter), so that a failover or a new password is noticed
// within the hour and not by all at once.
const (
	connectTimeout    = 5 * time.Second
	maxConnLifetime   = 30 * time.Minute
	lifetimeJitter    = 5 * time.Minute
	maxConnIdleTime   = 5 * time.Minute
	healthCheckPeriod = 30 * time.Second
)

// Options says where the database is and what a transaction may take of it.
type Options struct {
	// URL is the address that the application uses, which may be a pooler's.
	URL secret.String

	// MigrateURL is the address that Migrate uses; it must be Postgres itself. Empty: URL.
	MigrateURL secret.String

	// MaxConns is the size of the pool, at least 1. All processes together stay under max_connections of the server.
	MaxConns int

	// StatementTimeout is the longest that one statement may run, more than zero.
	StatementTimeout time.Duration

	// LockTimeout is the longest that one statement may wait for a lock, more than zero.
	LockTimeout time.Duration

	// Pooler says that URL is a pooler in transaction mode, where prepared statements do not outlive a transaction.
	Pooler bool

	dial pgconn.DialFunc
}

// pool checks the options and spells them out for pgx, which has a default for everything.
func (o Options) pool() (*pgxpool.Config, error) {
	if o.MaxConns < 1 || o.MaxConns > math.MaxInt32 || o.StatementTimeout <= 0 || o.LockTimeout <= 0 {
		return nil, errors.New("database options: MaxConns, StatementTimeout and LockTimeout must be more than zero")
	}
	config, err := pgxpool.ParseConfig(o.URL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("parse database address: %w", err)
	}
	config.MaxConns = int32(o.MaxConns)
	config.MinConns = int32(o.MaxConns / 5)
	config.MaxConnLifetime = maxConnLifetime
	config.MaxConnLifetimeJitter = lifetimeJitter
	config.MaxConnIdleTime = maxConnIdleTime
	config.HealthCheckPeriod = healthCheckPeriod
	config.AfterConnect = readTimesAsUTC
	o.connect(config.ConnConfig)
	if o.Pooler {
		// A prepared statement lives in one server connection, and the next transaction may be given another one.
		config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
		return config, nil
	}
	// What holds for most transactions is set once; a pooler would take it from one session into another. That they only read is
	// one of them: who writes says so.
	config.ConnConfig.RuntimeParams["statement_timeout"] = milliseconds(o.StatementTimeout)
	config.ConnConfig.RuntimeParams["lock_timeout"] = milliseconds(o.LockTimeout)
	config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	return config, nil
}

// migrate returns how Migrate connects.
func (o Options) migrate() (*pgx.ConnConfig, error) {
	url := o.MigrateURL
	if url.IsZero() {
		url = o.URL
	}
	if o.LockTimeout <= 0 {
		return nil, errors.New("database options: LockTimeout must be more than zero")
	}
	if o.Pooler && o.MigrateURL.IsZero() {
		return nil, errors.New("migrations need the address of Postgres itself: a pooler leaves their lock on a stranger's connection")
	}
	config, err := pgx.ParseConfig(url.Reveal())
	if err != nil {
		return nil, fmt.Errorf("parse database address: %w", err)
	}
	o.connect(config)
	return config, nil
}

// connect is what all connections have in common.
func (o Options) connect(config *pgx.ConnConfig) {
	config.ConnectTimeout = connectTimeout
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = app
	}
	if o.dial != nil {
		config.DialFunc = o.dial
	}
}

// readTimesAsUTC makes every timestamptz a time in UTC: pgx would use the zone of the machine, and what a client is shown
// would depend on where the process runs.
func readTimesAsUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name:  "timestamptz",
		OID:   pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// milliseconds is the unit of Postgres's timeouts, where 0 means none: it is never returned.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(max(d.Milliseconds(), 1), 10)
}
