// The desk of the audit log is where the people who run the program look: the
// newest entries, of a tenant, about a subject, or from a request.
feature audit-desk
summary "the newest entries of the audit log listed, by tenant, subject and request"
needs audit
needs admin
