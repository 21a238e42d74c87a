package workspaces

import (
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
)

// AskMaker adds to b the question what the user app.actor_id may do in the workspace app.tenant_id, and has been allowed to since
// app.key_made_at. A query before it has set them: they are of a key. Who has left takes his keys with him, also if he comes back.
func (s *Service) AskMaker(b *db.Batch) *Asked {
	asked := &Asked{service: s}
	b.Queue(s.db, asked.read, membership+` and m.created_at <= nullif(current_setting('app.key_made_at', true), '')::timestamptz`)
	return asked
}

// Maker returns what the maker of a key may do, once the batch was sent, and whether he is still a member.
func (a *Asked) Maker() (authz.Set, bool) {
	return a.service.set(a.role, a.permissions), a.found
}
