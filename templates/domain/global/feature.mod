// Global is a domain whose rows are the same for everybody, such as countries
// or price lists.
feature global
summary "rows that are the same for everybody"
provides rows
needs postgres
