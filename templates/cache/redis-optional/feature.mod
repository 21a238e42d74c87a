// Optional asks Redis for what one can do without, such as a cache or a
// common limit: it waits briefly, and not at all while Redis is away.
feature redis-optional // part
summary "Redis, for what one can do without"
needs redis
