package config

import "github.com/caarlos0/env/v11"

// Row is one variable as one prints it.
type Row struct {
	// Name is the variable.
	Name string

	// Value is what the process uses. A secret hides itself when it is printed.
	Value any

	// Source is where the value comes from: environment, file or default.
	Source string
}

// Rows are all variables, in the order of Config, as Load reads them from environ.
func (c Config) Rows(environ []string) []Row {
	rows := []Row{
		{Name: "APP_ENV", Value: c.AppEnv},
		{Name: "HTTP_ADDR", Value: c.HTTPAddr},
		{Name: "ADMIN_ADDR", Value: c.AdminAddr},
		{Name: "LOG_LEVEL", Value: c.LogLevel},
		{Name: "REQUEST_TIMEOUT", Value: c.RequestTimeout},
		{Name: "MAX_IN_FLIGHT", Value: c.MaxInFlight},
		{Name: "MAX_BODY_BYTES", Value: c.MaxBodyBytes},
		{Name: "DRAIN_DELAY", Value: c.DrainDelay},
		{Name: "SHUTDOWN_TIMEOUT", Value: c.ShutdownTimeout},
		{Name: "MAIL_URL", Value: c.MailURL},
		{Name: "MAIL_FROM", Value: c.MailFrom},
		{Name: "DATABASE_URL", Value: c.DatabaseURL},
		{Name: "MIGRATE_DATABASE_URL", Value: c.MigrateDatabaseURL},
		{Name: "DATABASE_POOLER", Value: c.DatabasePooler},
		{Name: "DATABASE_MAX_CONNS", Value: c.DatabaseMaxConns},
		{Name: "DATABASE_STATEMENT_TIMEOUT", Value: c.DatabaseStatementTimeout},
		{Name: "DATABASE_LOCK_TIMEOUT", Value: c.DatabaseLockTimeout},
		{Name: "REDIS_URL", Value: c.RedisURL},
		{Name: "REDIS_TIMEOUT", Value: c.RedisTimeout},
		{Name: "RATE_LIMIT", Value: c.RateLimit},
		{Name: "TRUSTED_PROXIES", Value: c.TrustedProxies},
		{Name: "JOBS_CONCURRENCY", Value: c.JobsConcurrency},
		{Name: "JOBS_PREFIX", Value: c.JobsPrefix},
		{Name: "EVENTS_RETENTION", Value: c.EventsRetention},
		{Name: "APP_URL", Value: c.AppURL},
		{Name: "SESSION_IDLE_TIMEOUT", Value: c.SessionIdleTimeout},
		{Name: "SESSION_LIFETIME", Value: c.SessionLifetime},
		{Name: "PASSWORD_HASHES_AT_ONCE", Value: c.PasswordHashesAtOnce},
	}
	vars := env.ToMap(environ)
	for i := range rows {
		rows[i].Source = source(vars, rows[i].Name)
	}
	return rows
}

// source says where the value of a variable comes from.
func source(vars map[string]string, name string) string {
	switch {
	case vars[name] != "":
		return "environment"
	case vars[name+fileSuffix] != "":
		return "file"
	default:
		return "default"
	}
}
