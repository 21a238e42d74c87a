package authz

import (
	"context"
	"time"

	"example.com/myapp/internal/platform/id"
)

// Kind is what a Principal is.
type Kind string

// The kinds. The zero Kind is nobody: a request that proved nothing.
const (
	Nobody Kind = ""
	User   Kind = "user"
	Key    Kind = "key"

	// Program is the program itself: jobs, and the commands of those who run it.
	Program Kind = "system"
)

// TenantHeader is the header by which a signed-in user says in which tenant a request acts.
const TenantHeader = "X-Workspace"

// Principal is who acts.
type Principal struct {
	Kind Kind

	// ID is that of the user or of the key. Nobody and the program have none.
	ID id.UUID

	// Tenant is where it acts. Zero is nowhere: it sees no row of any tenant.
	Tenant id.UUID

	// Session is that by which a user is signed in, else zero.
	Session id.UUID

	// Role is for people to read; what counts is Permissions.
	Role Role

	// Permissions are what it may do in Tenant.
	Permissions Set

	// Operator marks one of our own people, who may do what no tenant decides.
	Operator bool

	// Proved is when a user has last proved to be there, for CheckRecent.
	Proved time.Time
}

// System returns the program itself, at work for a tenant; zero is for none.
func System(tenant id.UUID) Principal {
	return Principal{Kind: Program, Tenant: tenant}
}

type contextKey struct{}

// With returns a context in which p acts.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns who acts in ctx: nobody, if With was never called.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(contextKey{}).(Principal)
	return p
}
