// Redis holds what may be lost: it makes things faster or dispatches them,
// and nothing in it is the only copy of anything. The program starts and
// serves without it, and says so.
feature redis
summary "a Redis client with time limits, whose absence degrades and never stops"
ask "Redis, for what may be lost: caches, limits, dispatching jobs"
needs core
needs devenv
after postgres

env (
	// The Redis of the app; rediss:// with TLS. Empty is refused; make dev starts one and fills it in.
	REDIS_URL "redis://:password@host:6379/0" // secret required
	// How long one try of a command to Redis may take. Zero is refused.
	REDIS_TIMEOUT 200ms
)

require (
	github.com/alicebob/miniredis/v2 v2.40.0
	github.com/redis/go-redis/v9 v9.23.0
)
