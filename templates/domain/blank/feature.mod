// Blank is a domain with one entity: create, read, list, update and delete,
// each change recorded in the same transaction, as an event and in the audit log.
feature blank
summary "a domain with one entity"
needs postgres
needs audit
needs events
