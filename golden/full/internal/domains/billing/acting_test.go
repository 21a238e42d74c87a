package billing

import (
	"context"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
)

// home is the tenant of those who act in tests.
const home = "01927000-0000-7000-8000-000000000001"

// Acting returns a context in which a member of a tenant acts, always of the same.
func Acting(ctx context.Context) context.Context {
	tenant, _ := id.ParseUUID(home) // it is one
	return ActingIn(ctx, tenant, Read, Write)
}

// ActingIn returns a context in which a user of the tenant acts, with these permissions.
func ActingIn(ctx context.Context, tenant id.UUID, permissions ...authz.Permission) context.Context {
	return authz.With(ctx, authz.Principal{
		Kind: authz.User, ID: id.New(), Tenant: tenant, Permissions: authz.NewSet(permissions...),
	})
}
