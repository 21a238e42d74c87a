// Ratelimit refuses what is asked too often: of a tenant, of a user or key,
// of an address. Each process counts in a memory that does not grow; where
// there is Redis, all of them count together, and alone while it is away.
feature ratelimit
summary "limits by tenant, user, key and address; together in Redis where it is there"
needs core
after redis

env (
	// How many requests a second one user, one key, or one address that is nobody may go on with; a fifth as many that change
	// something, and ten times as many for a tenant, or with credentials that nobody knows from one address. Zero is no limit; what
	// guards passwords stays.
	RATE_LIMIT 50
	// The networks of the proxies before the process, as 10.0.0.0/8,fd00::/8. X-Forwarded-For is believed as far as they wrote it.
	// Empty takes the address of the connection.
	TRUSTED_PROXIES ""
)
