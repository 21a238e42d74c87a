// Package crypto encrypts single columns, for what must not be read from a stolen backup or by one who may only query.
//
// Each Subject, a person or a tenant, has a data key, which lies in the table crypto.keys, wrapped by a key of package kek. A
// column that holds encrypted values is a bytea, used like this:
//
//	place := crypto.Place{Column: "identity.users.phone", Row: u.ID.String(), Tenant: tenant}
//	sealed, err := keys.Seal(ctx, tx, crypto.Person(u.ID.UUID()), place, []byte(phone))   // insert it
//	phone, err := keys.Open(ctx, tx, place, sealed)                                       // after reading it
//	err := keys.Shred(ctx, crypto.Person(u.ID.UUID()))                                    // nothing of the person opens any more
//
// Open with another Place fails with ErrRefused, so that a value which is copied to another row, column or tenant is worthless
// there; after Shred it fails with ErrShredded.
//
// A process keeps data keys in memory for a minute, at most 10,000: sealing and opening costs no query meanwhile, and Shred
// has reached every process after a minute. A backup that is older than the shredding still holds the wrapped key: erasure is
// complete when the last such backup has expired.
package crypto
