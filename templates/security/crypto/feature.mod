// Crypto encrypts chosen columns. Each person and each tenant has a data key
// of its own, which lies in Postgres, encrypted by a key that does not. What
// is copied to another row does not open there, keys are rotated while the
// program runs, and destroying a person's key destroys all it encrypted.
feature crypto
summary "encrypted columns: a key for each person and tenant, rotation, shredding"
needs postgres
needs admin

env (
	// The keys that encrypt data keys, as id:base64 of 32 random bytes, the current one first. Empty is refused,
	// and in production an id that begins with dev; make dev makes one.
	CRYPTO_KEYS "k2:base64,k1:base64" // secret required
)
