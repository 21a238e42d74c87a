// Audit records who did what, in the transaction in which it is done. Each
// tenant has a chain of hashes, so that an entry that is edited, deleted or
// put in afterwards is found, and named.
feature audit
summary "an audit log in the business transaction, with a hash chain for each tenant"
provides audit
needs postgres
needs admin
