// Package events tells others what happened.
//
//	Publish -> events.events                   what happened, kept for months
//	        -> a job for each subscriber       in the same statement, from events.subscriptions
//	job     -> events.inbox, handler, the end of the job: one transaction
//
// A domain publishes in the transaction that makes it true: if that commits, the event and its deliveries are there; if not,
// they never were. A delivery is a job, with all that jobs have: retries, dead letters, the tenant. There is no position in a
// stream that a slow transaction could commit behind, and nothing in the transaction notifies anybody.
//
// Each delivery has its effects in the database once. They come in any order and late: an event of something that changes
// carries its version, and who keeps a copy writes it by
//
//	on conflict (id) do update set ... where copy.version < excluded.version
//
// A handler may publish, up to eight events deep; what it enqueues as a plain job begins to count anew.
//
// What a handler does elsewhere (a mail, a payment) may happen again after a crash, and needs a key of its own. A replay is
// a delivery like others; From tells it, for handlers that should do nothing then.
//
// The type of an event is a contract: "billing.invoice_created.v1" keeps its fields and their types for ever, may be given new
// ones, and otherwise becomes v2, which is published beside it until nobody listens to the old one. Package eventstest holds it
// to that. The payload says by ids and versions what happened, and not in whose name or words: it is kept when a person is erased.
package events
