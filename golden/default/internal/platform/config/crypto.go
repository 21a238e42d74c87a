package config

import "example.com/myapp/internal/platform/crypto/kek"

// checkCrypto refuses keys that cannot be used, and in production those that are no secrets.
func (c Config) checkCrypto() Problems {
	var f faults
	if c.CryptoKeys.IsZero() {
		f.unless(false, "CRYPTO_KEYS", "is not set; expected id:base64 of 32 random bytes")
		return f.found
	}
	ring, err := kek.Parse(c.CryptoKeys)
	if err != nil {
		f.unless(false, "CRYPTO_KEYS", "cannot be used: "+err.Error())
		return f.found
	}
	f.unless(!c.Production() || !ring.ForDevelopment(), "CRYPTO_KEYS",
		"has a key for development, whose id begins with "+kek.Development+"; in production expected keys that nobody else knows")
	return f.found
}
