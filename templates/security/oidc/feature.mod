// Oidc signs people in through an OpenID Connect provider: Auth0, Clerk,
// Google, Supabase, or any other that publishes a discovery document. It is the
// authorization code flow with PKCE; what the provider says is verified, and an
// account of ours is joined only where both sides have verified the address.
feature oidc
summary "sign in through Auth0, Clerk, Google, Supabase: OpenID Connect with PKCE"
ask "people sign in through Auth0, Clerk, Google or Supabase"
needs identity

env (
	// Who signs people in besides passwords, exactly as the provider calls itself: https://accounts.google.com. Empty
	// switches it off. The provider must send browsers back to APP_URL/v1/identity/oidc/callback.
	OIDC_ISSUER ""
	// The name of the application at the provider. Empty is refused where there is a provider.
	OIDC_CLIENT_ID ""
	// What the application shows the provider that it is itself. Empty is refused where there is a provider.
	OIDC_CLIENT_SECRET "" // secret
)

require github.com/coreos/go-oidc/v3 v3.21.0
require golang.org/x/oauth2 v0.36.0
