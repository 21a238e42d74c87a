// Package idempotency lets a client repeat a request of which it does not know whether it was done.
//
//	Idempotency-Key -> claim -> Unit: the handler, finish -> commit -> answer;  again: the same answer
//
// A request is claimed in a transaction of its own, so that others see it at once. All that the handler then does in the
// database, and the answer, are one transaction: neither lasts without the other. Whoever dies holding a claim loses it when the
// lease is over, and whoever is merely slow finds at the commit that another took over: the attempt is no longer its own, and all
// that it did is rolled back. What a handler does outside of the database is not undone, and may be done twice.
//
// A key belongs to the tenant and the principal, the method and the path. The answer is kept for three days, and is given to
// its principal though a permission was taken away meanwhile. An answer that may be another one on the next try is not kept:
// 401, 403, 404, 405, 408, 409, 425, 429 and all from 500 on. An answer under a key is sent when it is whole: nothing can be
// streamed.
package idempotency
