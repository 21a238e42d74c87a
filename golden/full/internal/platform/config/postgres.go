package config

import "net/url"

// checkPostgres refuses what the database cannot be reached with, or not safely.
func (c Config) checkPostgres(f *Problems) {
	f.unless(!c.DatabaseURL.IsZero(), "DATABASE_URL", "is not set; expected postgres://user:password@host:5432/name")
	c.checkDSN(f, "DATABASE_URL", c.DatabaseURL)
	c.checkDSN(f, "MIGRATE_DATABASE_URL", c.MigrateDatabaseURL)
	f.unless(c.DatabaseMaxConns >= 1, "DATABASE_MAX_CONNS", atLeast1)
	f.unless(c.DatabaseStatementTimeout > 0, "DATABASE_STATEMENT_TIMEOUT", positive)
	f.unless(c.DatabaseLockTimeout > 0, "DATABASE_LOCK_TIMEOUT", positive)
}

// checkDSN refuses an address that is no URL, and in production one that would send passwords and rows in the clear. The
// errors of net/url are not repeated: they hold the URL with its password.
func (c Config) checkDSN(f *Problems, name string, dsn Secret) {
	if dsn.IsZero() {
		return
	}
	parsed, err := url.Parse(dsn.Reveal())
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" {
		f.add(name, "is not a URL of Postgres; expected postgres://user:password@host:5432/name")
		return
	}
	host := parsed.Hostname()
	if other := parsed.Query().Get("host"); other != "" {
		host = other // as libpq has it
	}
	if !c.Production() || host == "" || isLocal(host) {
		return
	}
	switch parsed.Query().Get("sslmode") {
	case "require", "verify-ca", "verify-full":
	default:
		f.add(name, "does not demand TLS; in production expected sslmode=verify-full, or at least sslmode=require")
	}
}
