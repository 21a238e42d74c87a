// Package redis opens the connection to Redis, with every limit set.
//
// Redis holds what may be lost. Nothing here is the only copy of anything: what must survive lies in a database. So Redis is
// a soft dependency: Open talks to no server, the app starts and answers while Redis is away, and /readyz says "degraded"
// by asking Ping.
package redis

import (
	"context"
	"errors"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"example.com/myapp/internal/platform/secret"
)

// Client is a pool of connections, safe for use by many goroutines. Close it once, after all who use it have stopped.
type Client = goredis.Client

// Options says where Redis is and how long to wait for it.
type Options struct {
	// URL is redis://[user:password@]host:port/database, or rediss:// for TLS, which checks the server's certificate.
	URL secret.String

	// Timeout bounds one try of a dial, a read or a write. Zero means 200 ms.
	Timeout time.Duration

	// PoolSize is the greatest number of connections. Zero means 20.
	PoolSize int
}

const (
	defaultTimeout  = 200 * time.Millisecond
	defaultPoolSize = 20
	retries         = 2
)

var errURL = errors.New("address of Redis: not of the form redis://[user:password@]host:port/database")

// Open returns a client for the server that the URL names. It fails if the URL cannot be read, and never because the
// server cannot be reached.
func Open(o Options) (*Client, error) {
	options, err := goredis.ParseURL(o.URL.Reveal())
	if err != nil {
		return nil, errURL // and not err, which may quote the password
	}
	timeout, size := o.Timeout, o.PoolSize
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	if size <= 0 {
		size = defaultPoolSize
	}

	options.DialTimeout = timeout
	options.ReadTimeout = timeout
	options.WriteTimeout = timeout
	options.PoolTimeout = timeout
	options.ContextTimeoutEnabled = true

	// A pause before each retry: some callers ask again at once after an error, and would spin while Redis is away.
	options.MaxRetries = retries
	options.MinRetryBackoff = 20 * time.Millisecond
	options.MaxRetryBackoff = timeout
	options.DialerRetries = 1

	options.PoolSize = size
	options.MaxActiveConns = size
	options.PipelinePoolSize = -1
	options.ConnMaxIdleTime = 5 * time.Minute
	options.ConnMaxLifetime = time.Hour
	options.ConnMaxLifetimeJitter = 10 * time.Minute

	// Notices of maintenance are for Redis Enterprise; other servers answer the subscription with an error.
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	options.DisableIdentity = true

	// The library also writes plain text to stderr, between the JSON lines of the app. Each of its errors is returned to a
	// caller as well, and logged there.
	logging.Disable()
	return goredis.NewClient(options), nil
}

// Ping returns a health check of the client's server.
func Ping(c *Client) func(context.Context) error {
	return func(ctx context.Context) error {
		return c.Ping(ctx).Err()
	}
}
