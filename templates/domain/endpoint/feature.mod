// Endpoint is one operation on one of a domain's rows: its route, its command and its
// permission in one file, its tests in another, and a row in the list of routes.
feature endpoint
summary "an operation of a domain"
needs postgres
needs audit
