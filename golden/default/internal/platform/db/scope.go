package db

import (
	"context"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
)

// scope is what the policies of Postgres ask for: app.tenant_id and app.actor_id, empty where there is none. It holds UUIDs and
// nothing else, since it stands in SQL as it is.
type scope struct {
	tenant string
	actor  string
}

// scopeOf is the scope of whoever acts in ctx. There is no other way to set it.
func scopeOf(ctx context.Context) scope {
	who := authz.From(ctx)
	return scope{tenant: setting(who.Tenant), actor: setting(who.ID)}
}

// set returns the statements that set it for the rest of a transaction.
func (s scope) set() string {
	return "set local app.tenant_id = '" + s.tenant + "'; set local app.actor_id = '" + s.actor + "'; "
}

func setting(u id.UUID) string {
	if u.IsZero() {
		return ""
	}
	return u.String()
}
