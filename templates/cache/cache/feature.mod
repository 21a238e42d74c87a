// Cache remembers in Redis what was read from elsewhere. A key holds the
// tenant always; many misses at once are one load; and a load that began
// before a change cannot store what it read once the change was told.
feature cache
summary "a cache in Redis: tenant in every key, one load for many misses, no old value after a change"
needs redis-optional
