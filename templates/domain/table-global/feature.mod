// Table-global is a migration that makes a table whose rows are no tenant's.
feature table-global
summary "a migration that makes a table of everybody"
provides alteration
needs postgres
