package config

import "net/url"

// checkOIDC refuses a provider through which nobody could sign in, or not safely.
func (c Config) checkOIDC(f *Problems) {
	given := c.OIDCIssuer != ""
	u, err := url.Parse(c.OIDCIssuer)
	web := err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && (u.Scheme == "http" || u.Scheme == "https")
	f.unless(!given || web, "OIDC_ISSUER", "is not an address of the web; expected https://accounts.google.com")
	f.unless(!web || !c.Production() || u.Scheme == "https", "OIDC_ISSUER", "is without TLS; in production expected https://")
	f.unless(given || c.OIDCClientID == "" && c.OIDCClientSecret.IsZero(), "OIDC_ISSUER", "is not set, but what belongs to it is")
	f.unless(!given || c.OIDCClientID != "", "OIDC_CLIENT_ID", "is not set, but OIDC_ISSUER is")
	f.unless(!given || !c.OIDCClientSecret.IsZero(), "OIDC_CLIENT_SECRET", "is not set, but OIDC_ISSUER is")
}
