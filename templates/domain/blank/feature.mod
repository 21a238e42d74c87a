// Blank is a domain with one entity: create, read, list, update and delete,
// each change recorded as an event in the same transaction.
feature blank
summary "a domain with one entity"
needs postgres
