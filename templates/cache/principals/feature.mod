// Principals remembers in Redis who is signed in by which session, and what
// each may do. Postgres stays the truth: what is revoked is forgotten with
// the commit, and a Redis that is away or emptied costs time and nothing else.
feature principals // part
summary "sessions are read through the cache"
with cache
with identity
