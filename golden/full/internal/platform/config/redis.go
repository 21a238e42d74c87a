package config

import "net/url"

// checkRedis refuses what Redis cannot be reached with, or not safely.
func (c Config) checkRedis(f *Problems) {
	f.unless(c.RedisTimeout > 0, "REDIS_TIMEOUT", positive)
	if c.RedisURL.IsZero() {
		f.add("REDIS_URL", "is not set; expected redis://:password@host:6379/0")
		return
	}
	parsed, err := url.Parse(c.RedisURL.Reveal()) // whose error holds the password
	if err != nil || parsed.Scheme != "redis" && parsed.Scheme != "rediss" {
		f.add("REDIS_URL", "is not a URL of Redis; expected redis://:password@host:6379/0, or rediss:// with TLS")
		return
	}
	f.unless(!c.Production() || parsed.Scheme == "rediss" || isLocal(parsed.Hostname()), "REDIS_URL",
		"does not demand TLS; in production expected rediss://")
}
