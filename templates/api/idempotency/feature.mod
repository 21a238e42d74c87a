// Idempotency lets a client repeat a request that it does not know the
// outcome of: by the header Idempotency-Key it is done once, and answered as
// it was the first time. What is done and that it was done are one commit.
feature idempotency
summary "Idempotency-Key: a request that is repeated is done once"
provides idempotency
needs postgres
needs workspaces
needs jobs
after ratelimit-redis
