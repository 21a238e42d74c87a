// Package id makes and reads the identifiers of entities.
//
// UUID is 128 bits of version 7 (RFC 9562): made here without asking the database, and ordered by the time of making, so
// that new rows land at the end of an index. ID is a UUID that belongs to one kind of entity: the compiler refuses an
// order's id where a customer's is wanted. Its public text carries the kind ("order_01h455vb4pex5vsknk084sn02q", the form
// of https://github.com/jetify-com/typeid/tree/main/spec); a database keeps it as a plain uuid.
//
// An id tells when it was made and nothing is hidden in it: never use one as a secret.
package id
