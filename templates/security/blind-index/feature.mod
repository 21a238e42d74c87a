// A blind index stands beside an encrypted column: by it a value is looked up
// that the database cannot read.
feature blind-index
summary "encrypted columns that values are looked up by"
needs crypto

require github.com/jackc/pgx/v5 v5.12.0
