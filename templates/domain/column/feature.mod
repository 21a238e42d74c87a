// Column is a migration that adds a column: the first half of each change to a
// table that is in use. It locks nobody out, and the old program runs on.
feature column
summary "a migration that adds a column"
provides alteration
needs postgres
