package app

import (
	"fmt"
	"net/http"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
)

// authenticateKey is authenticate for a request that brings a key: one round trip, too. A key that is over is refused, and not
// taken for nobody: its program shall learn of it.
func (s *signIn) authenticateKey(r *http.Request, text string) (authz.Principal, error) {
	batch := s.database.Batch(r.Context())
	key, err := s.keyService.Ask(batch, text)
	if err != nil {
		return authz.Principal{}, err
	}
	maker := s.spaceService.AskMaker(batch)
	if err := batch.Send(r.Context()); err != nil {
		return authz.Principal{}, fmt.Errorf("authenticate: %w", err)
	}
	who, err := key.Within(maker.Maker())
	if header := r.Header.Get(authz.TenantHeader); err == nil && header != "" {
		var named workspaces.WorkspaceID
		if err := named.UnmarshalText([]byte(header)); err != nil || named.UUID() != who.Tenant {
			return authz.Principal{}, fmt.Errorf("%w: the key is not of this workspace", authz.ErrDenied)
		}
	}
	return who, err
}
