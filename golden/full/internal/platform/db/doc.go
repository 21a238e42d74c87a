// Package db is the way to Postgres: one pool, and transactions that run as the role of one schema.
//
// A Schema is the part of the database that one package owns: a Postgres schema, a role without login, and the migrations.
// Migrate brings all of them up to date, which is a step of its own and never part of a start. Open makes the pool, As
// chooses the schema, InTx and Read run a function in a transaction:
//
//	Schema -> Migrate;  Open -> As -> InTx, Read
//
// The role of a schema may use that schema and what others granted to it, so that a package which reads another's tables is
// refused by Postgres and not only by a reviewer. It owns nothing, so it cannot drop, alter or truncate its own tables either.
// There is no way to the pool but a transaction, and no transaction without limits in time.
//
// A transaction says for which tenant it is done, which is the one in which acts who is in its context: scope.go. The policies in the
// migrations show it the rows of no other, so that a statement which forgets the tenant finds none of theirs.
package db
