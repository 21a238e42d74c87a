// With Redis the processes count together, in one script for all that a
// request counts for. While it is away each counts alone, as without it.
feature ratelimit-redis // part
summary "limits that all processes count together"
with ratelimit
with redis
needs redis-optional
