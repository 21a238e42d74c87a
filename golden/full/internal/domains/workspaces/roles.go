package workspaces

import (
	"context"
	"slices"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/db"
)

// Role is what members may do. The permissions of a built-in one are those that the domains grant it.
type Role struct {
	Name        string   `json:"name"`
	Permissions []string `json:"permissions" nullable:"false"`
	Version     int64    `json:"version"`
}

const roleColumns = `name, permissions, version`

// Roles are those of the workspace, and what each may do.
func (s *Service) Roles(ctx context.Context) ([]Role, error) {
	if err := authz.Check(ctx, readMember); err != nil {
		return nil, err
	}
	found, err := db.All[Role](ctx, s.db, `select `+roleColumns+` from workspaces.roles order by created_at, name limit 1000`)
	for i, r := range found {
		found[i].Permissions = []string{}
		for p := range s.set(r.Name, r.Permissions) {
			found[i].Permissions = append(found[i].Permissions, string(p))
		}
		slices.Sort(found[i].Permissions)
	}
	return found, err
}
