// Package config reads the environment once, at start, into one typed value.
//
// Load collects every problem of the environment before it gives up, so that one start shows all of them. A variable that
// is missing or empty has its default. A value may stand in a file instead: NAME_FILE holds its path. What does not fit
// together, or is not safe in production, is refused by one check function a concern. LoadRows is for printing.
package config

import "time"

// Config is what the environment says. Nothing else reads the environment.
type Config struct {
	// development or production. Production refuses what is only safe on one's own machine, and logs JSON.
	AppEnv string `env:"APP_ENV" envDefault:"development"`

	// Where the API listens, as host:port. An empty host means every interface; port 0 takes a free one.
	HTTPAddr string `env:"HTTP_ADDR" envDefault:"127.0.0.1:8080"`

	// Where health and profiles are served, as host:port. Not for the public: a profile shows memory.
	AdminAddr string `env:"ADMIN_ADDR" envDefault:"127.0.0.1:8081"`

	// The least level that is logged: debug, info, warn or error.
	LogLevel string `env:"LOG_LEVEL" envDefault:"info"`

	// How long a request may take before it is answered with 504. Zero is refused.
	RequestTimeout time.Duration `env:"REQUEST_TIMEOUT" envDefault:"10s"`

	// How many requests are served at once; those above it are answered with 503. Zero is refused.
	MaxInFlight int `env:"MAX_IN_FLIGHT" envDefault:"512"`

	// The largest body of a request, in bytes; a larger one is answered with 413. Zero is refused.
	MaxBodyBytes int `env:"MAX_BODY_BYTES" envDefault:"1048576"`

	// How long the process serves on after it reported that it is not ready, so that load balancers see it.
	// Zero stops at once.
	DrainDelay time.Duration `env:"DRAIN_DELAY" envDefault:"0s"`

	// How long what runs may take to end once the process stops. Zero is refused.
	ShutdownTimeout time.Duration `env:"SHUTDOWN_TIMEOUT" envDefault:"20s"`

	// Where mail goes: smtp://user:password@host:587, smtps://user:password@host:465, or file:FOLDER, which production refuses.
	MailURL Secret `env:"MAIL_URL" envDefault:"file:.dev/mail"`

	// Whom mail comes from. Empty is refused.
	MailFrom string `env:"MAIL_FROM" envDefault:"app@localhost"`

	// The database of the app. Empty is refused; make dev starts one and fills it in.
	DatabaseURL Secret `env:"DATABASE_URL"`

	// The same database without a pooler in between, for migrations. Empty is DATABASE_URL.
	MigrateDatabaseURL Secret `env:"MIGRATE_DATABASE_URL"`

	// Whether DATABASE_URL leads through a pooler in transaction mode, which keeps no prepared statement.
	DatabasePooler bool `env:"DATABASE_POOLER" envDefault:"false"`

	// How many connections one process holds for requests. Zero is refused.
	DatabaseMaxConns int `env:"DATABASE_MAX_CONNS" envDefault:"10"`

	// How long one statement may take; less where the request has less time left. Zero is refused.
	DatabaseStatementTimeout time.Duration `env:"DATABASE_STATEMENT_TIMEOUT" envDefault:"5s"`

	// How long a statement waits for a lock. Zero is refused.
	DatabaseLockTimeout time.Duration `env:"DATABASE_LOCK_TIMEOUT" envDefault:"2s"`

	// The keys that encrypt data keys, as id:base64 of 32 random bytes, the current one first. Empty is refused,
	// and in production an id that begins with dev; make dev makes one.
	CryptoKeys Secret `env:"CRYPTO_KEYS"`

	// How many requests a second one user, one key, or one address that is nobody may go on with; a fifth as many that change
	// something, and ten times as many for a tenant, or with credentials that nobody knows from one address. Zero is no limit; what
	// guards passwords stays.
	RateLimit int `env:"RATE_LIMIT" envDefault:"50"`

	// The networks of the proxies before the process, as 10.0.0.0/8,fd00::/8. X-Forwarded-For is believed as far as they wrote it.
	// Empty takes the address of the connection.
	TrustedProxies string `env:"TRUSTED_PROXIES"`

	// How many jobs one worker runs at once; it holds as many connections to the database, and a few more.
	// Zero is refused.
	JobsConcurrency int `env:"JOBS_CONCURRENCY" envDefault:"10"`

	// How long events are kept to be replayed. A month is dropped when all of it is older. Less than 24h is refused.
	EventsRetention time.Duration `env:"EVENTS_RETENTION" envDefault:"9600h"`

	// Where people reach the application with a browser. Links in mails begin with it.
	AppURL string `env:"APP_URL" envDefault:"http://localhost:8080"`

	// How long a session lives that nobody uses. Zero is refused.
	SessionIdleTimeout time.Duration `env:"SESSION_IDLE_TIMEOUT" envDefault:"168h"`

	// How long a session lives at most. Zero is refused.
	SessionLifetime time.Duration `env:"SESSION_LIFETIME" envDefault:"720h"`

	// How long a read may be answered by what the process remembers of a session: so much later it learns what another process
	// has changed. What may change something asks the database each time. With zero all does.
	SignInMemory time.Duration `env:"SIGN_IN_MEMORY" envDefault:"1s"`

	// How many passwords are hashed at once, with 19 MiB each; the others wait. Zero is refused.
	PasswordHashesAtOnce int `env:"PASSWORD_HASHES_AT_ONCE" envDefault:"4"`
}
