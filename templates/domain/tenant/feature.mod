// Tenant is a domain whose rows are each one tenant's. Postgres shows them to no
// other, whatever the SQL of the domain forgets.
feature tenant
summary "rows that are each one tenant's"
provides rows
needs postgres
needs workspaces
