// Global is a domain whose rows are the same for everybody, such as countries
// or price lists: who is signed in reads them, and our own people write them.
feature global
summary "rows that are the same for everybody"
provides rows
needs postgres
needs identity
