package config

import "net/url"

// checkIdentity refuses what nobody could be signed in with, or not safely.
func (c Config) checkIdentity(f *Problems) {
	u, err := url.Parse(c.AppURL)
	web := err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
	f.unless(web, "APP_URL", "is not an address of the web; expected https://example.com")
	f.unless(!web || !c.Production() || u.Scheme == "https", "APP_URL", "is without TLS; in production expected https://")
	f.unless(c.SessionIdleTimeout > 0, "SESSION_IDLE_TIMEOUT", positive)
	f.unless(c.SessionLifetime > 0, "SESSION_LIFETIME", positive)
	f.unless(c.SignInMemory >= 0, "SIGN_IN_MEMORY", "must not be negative")
	f.unless(c.PasswordHashesAtOnce >= 1, "PASSWORD_HASHES_AT_ONCE", atLeast1)
}
