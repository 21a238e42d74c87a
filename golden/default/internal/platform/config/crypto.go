package config

import "example.com/myapp/internal/platform/crypto/kek"

// checkCrypto refuses keys that cannot be used, and in production those that are no secrets.
func (c Config) checkCrypto(f *Problems) {
	if c.CryptoKeys.IsZero() {
		f.add("CRYPTO_KEYS", "is not set; expected id:base64 of 32 random bytes")
		return
	}
	ring, err := kek.Parse(c.CryptoKeys)
	if err != nil {
		f.add("CRYPTO_KEYS", "cannot be used: "+err.Error())
		return
	}
	f.unless(!c.Production() || !ring.ForDevelopment(), "CRYPTO_KEYS",
		"has a key for development, whose id begins with "+kek.Development+"; in production expected keys that nobody else knows")
}

// Keyring is CryptoKeys, once they were checked.
func (c Config) Keyring() kek.Ring {
	ring, _ := kek.Parse(c.CryptoKeys)
	return ring
}
