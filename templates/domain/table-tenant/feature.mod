// Table-tenant is a migration that makes a table whose rows are each one tenant's.
feature table-tenant
summary "a migration that makes a table of tenants"
provides alteration
needs postgres
