// Package cache remembers in Redis what was read from a slower place.
//
// Open makes the Store, New a Cache of one kind of value, Get reads through it, Forget ends what it knows:
//
//	Open -> New -> Get (look -> lease -> load -> swap) -> Forget
//
// A key is the name, the version, the tenant of the context and the id. Who finds nothing puts a lease there: a token that says who
// loads. A loaded value takes the place of its lease and of nothing else, so that Forget, which deletes whatever is there, also
// refuses the value of a load that began before it. (The leases of Nishtala et al., Scaling Memcache at Facebook, NSDI 2013.) A lease
// is also why many misses at once, of all processes, are one load. Shortly before a value ends one of its readers loads it
// anew, the earlier the longer that takes (Vattani et al., Optimal Probabilistic Cache Stampede Prevention, VLDB 2015).
//
// Redis may be away, or slow: then Get loads, once for all who wait in the process, and only Forget fails. What it did not delete is
// read until its TTL is over, if Redis comes back with it; the same holds for a failover that loses the deletion. Choose a TTL for
// which that can be borne.
//
// It is not for what must survive, for locks, or for what differs between two users of a tenant.
package cache
