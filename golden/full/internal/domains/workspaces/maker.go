package workspaces

import (
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
)

// AskMaker adds to b the question what the user app.actor_id may do in the workspace app.tenant_id. A query before it has set
// both: they are the maker of a key, and where it works.
func (s *Service) AskMaker(b *db.Batch) *Asked {
	asked := &Asked{service: s}
	b.Queue(s.db, asked.read, membership)
	return asked
}

// Maker returns what the maker of a key may do, once the batch was sent, and whether he is still a member.
func (a *Asked) Maker() (authz.Set, bool) {
	return a.service.set(a.role, a.permissions), a.found
}
