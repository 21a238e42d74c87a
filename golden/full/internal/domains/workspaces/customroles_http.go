package workspaces

import (
	"context"
	"net/http"

	"example.com/myapp/internal/platform/httpx"
)

// ownRoleRoutes adds the routes by which a workspace makes roles of its own.
func (s *Service) ownRoleRoutes(api *httpx.API) {
	httpx.Register(api, changes("POST", "/v1/workspace/roles", "create-role", "role_created", httpx.Needs(writeRole)), s.createRole)
	httpx.Register(api, changes("PUT", "/v1/workspace/roles/{name}", "update-role", "role_updated", httpx.Needs(writeRole)), s.updateRole)
	httpx.Register(api, changes("DELETE", "/v1/workspace/roles/{name}", "delete-role", "role_deleted", httpx.Needs(writeRole)), s.deleteRole)

	api.Refuse(
		httpx.Refusal{Err: ErrRole, Status: http.StatusUnprocessableEntity, Code: "role_invalid"},
		httpx.Refusal{Err: ErrTaken, Status: http.StatusConflict, Code: "role_in_use"},
	)
}

type createRoleInput struct {
	Body struct {
		Name        string   `json:"name" pattern:"^[a-z][a-z0-9-]{0,39}$"`
		Permissions []string `json:"permissions" nullable:"false"`
	}
}

func (s *Service) createRole(ctx context.Context, in *createRoleInput) (*output[Role], error) {
	r, err := s.CreateRole(ctx, Role{Name: in.Body.Name, Permissions: in.Body.Permissions})
	return show(r, r.Version, err)
}

type roleInput struct {
	Name    string `path:"name" pattern:"^[a-z][a-z0-9-]{0,39}$"`
	IfMatch string `header:"If-Match" doc:"The ETag that was read; * is any"`
}

type updateRoleInput struct {
	Name    string `path:"name" pattern:"^[a-z][a-z0-9-]{0,39}$"`
	IfMatch string `header:"If-Match" doc:"The ETag that was read; * is any"`

	Body struct {
		Permissions []string `json:"permissions" nullable:"false"`
	}
}

func (s *Service) updateRole(ctx context.Context, in *updateRoleInput) (*output[Role], error) {
	version, err := httpx.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	r, err := s.UpdateRole(ctx, Role{Name: in.Name, Permissions: in.Body.Permissions, Version: version})
	return show(r, r.Version, err)
}

func (s *Service) deleteRole(ctx context.Context, in *roleInput) (*struct{}, error) {
	version, err := httpx.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return nil, s.DeleteRole(ctx, Role{Name: in.Name, Version: version})
}
