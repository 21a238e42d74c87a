package config

import (
	"errors"
	"net/netip"
	"strings"
)

// checkRateLimit refuses limits that cannot be counted, and proxies that are none.
func (c Config) checkRateLimit(f *Problems) {
	f.unless(c.RateLimit >= 0 && c.RateLimit <= 10_000, "RATE_LIMIT", "must be between 0 and 10000")
	_, err := c.Proxies()
	f.unless(err == nil, "TRUSTED_PROXIES", "is not a list of networks; expected 10.0.0.0/8,fd00::/8")
}

// Proxies are the networks of TRUSTED_PROXIES.
func (c Config) Proxies() (networks []netip.Prefix, err error) {
	for text := range strings.FieldsFuncSeq(c.TrustedProxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		network, wrong := netip.ParsePrefix(text)
		networks, err = append(networks, network.Masked()), errors.Join(err, wrong)
	}
	return networks, err
}
