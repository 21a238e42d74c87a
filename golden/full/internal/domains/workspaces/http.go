package workspaces

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/httpx"
)

// Routes adds the routes of the domain to api. The workspace of a request is named by its header, and not by its path.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, changes("POST", "/v1/workspaces", "create-workspace", "workspace_created", httpx.SignedIn), s.create)
	httpx.Register(api, reads("/v1/workspaces", "list-workspaces", httpx.SignedIn), httpx.All(s.Mine))
	httpx.Register(api, reads("/v1/workspace", "get-workspace", httpx.Needs(readWorkspace)), s.get)
	httpx.Register(api, changes("PUT", "/v1/workspace", "rename-workspace", "workspace_renamed", httpx.Needs(writeWorkspace)), s.rename)
	httpx.Register(api, changes("DELETE", "/v1/workspace", "delete-workspace", "workspace_deleted", httpx.Needs(deleteWorkspace)), s.delete)

	httpx.Register(api, reads("/v1/workspace/members", "list-members", httpx.Needs(readMember)), httpx.Page(s.Members))
	httpx.Register(api, changes("PUT", "/v1/workspace/members/{user_id}", "change-member", "member_changed", httpx.Needs(writeMember)), s.changeRole)
	httpx.Register(api, changes("DELETE", "/v1/workspace/members/{user_id}", "remove-member", "member_removed", httpx.Needs(writeMember)), s.remove)
	httpx.Register(api, changes("DELETE", "/v1/workspace/membership", "leave-workspace", "member_left", httpx.SignedIn), s.leave)

	httpx.Register(api, reads("/v1/workspace/invitations", "list-invitations", httpx.Needs(writeMember)), httpx.Page(s.Invitations))
	httpx.Register(api, changes("POST", "/v1/workspace/invitations", "invite-member", "member_invited", httpx.Needs(writeMember)), s.invite)
	httpx.Register(api, changes("DELETE", "/v1/workspace/invitations/{id}", "withdraw-invitation", "invitation_withdrawn", httpx.Needs(writeMember)), s.withdraw)
	httpx.Register(api, changes("POST", "/v1/invitations/accept", "accept-invitation", "member_joined", httpx.SignedIn), s.accept)

	httpx.Register(api, reads("/v1/workspace/roles", "list-roles", httpx.Needs(readMember)), httpx.All(s.Roles))
	s.ownRoleRoutes(api)

	api.Refuse(
		httpx.Refusal{Err: ErrNotFound, Status: http.StatusNotFound, Code: "not_found"},
		httpx.Refusal{Err: ErrStale, Status: http.StatusPreconditionFailed, Code: "precondition_failed"},
		httpx.Refusal{Err: ErrName, Status: http.StatusUnprocessableEntity, Code: "name_invalid", Field: "body.name"},
		httpx.Refusal{Err: ErrNoRole, Status: http.StatusUnprocessableEntity, Code: "role_unknown", Field: "body.role"},
		httpx.Refusal{Err: ErrEmail, Status: http.StatusUnprocessableEntity, Code: "email_invalid", Field: "body.email"},
		httpx.Refusal{Err: ErrLastOwner, Status: http.StatusConflict, Code: "last_owner"},
		httpx.Refusal{Err: ErrBeyond, Status: http.StatusForbidden, Code: "beyond_own_permissions"},
		httpx.Refusal{Err: ErrAddress, Status: http.StatusForbidden, Code: "invitation_for_another_address"},
		httpx.Refusal{Err: ErrLink, Status: http.StatusNotFound, Code: "invitation_invalid"},
	)
}

// reads is an operation that changes nothing.
func reads(path, name string, access httpx.Access) httpx.Operation {
	return httpx.Operation{
		Operation: huma.Operation{OperationID: name, Tags: []string{"workspaces"}, Method: http.MethodGet, Path: path},
		Access:    access,
	}
}

// changes is one that does, and how the history calls it.
func changes(method, path, name, audit string, access httpx.Access) httpx.Operation {
	status := map[string]int{http.MethodPost: http.StatusCreated, http.MethodPut: http.StatusOK, http.MethodDelete: http.StatusNoContent}[method]
	return httpx.Operation{
		Operation: huma.Operation{
			OperationID: name, Tags: []string{"workspaces"}, Method: method, Path: path, DefaultStatus: status,
			Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
		},
		Access: access,
		Audit:  "workspaces." + audit,
	}
}

// output shows one thing, and its version as ETag if it has one.
type output[T any] struct {
	ETag string `header:"ETag" doc:"Its version, for If-Match"`

	Body T
}

func show[T any](shown T, version int64, err error) (*output[T], error) {
	o := &output[T]{Body: shown}
	if version > 0 {
		o.ETag = httpx.ETag(version)
	}
	return o, err
}

type named struct {
	Name string `json:"name" minLength:"1" maxLength:"200" doc:"One line"`
}

type createInput struct{ Body named }

func (s *Service) create(ctx context.Context, in *createInput) (*output[Workspace], error) {
	w, err := s.Create(ctx, in.Body.Name)
	return show(w, w.Version, err)
}

func (s *Service) get(ctx context.Context, _ *struct{}) (*output[Workspace], error) {
	w, err := s.Get(ctx)
	return show(w, w.Version, err)
}

type renameInput struct {
	IfMatch string `header:"If-Match" doc:"The ETag that was read; * is any"`

	Body named
}

func (s *Service) rename(ctx context.Context, in *renameInput) (*output[Workspace], error) {
	version, err := httpx.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	w, err := s.Rename(ctx, version, in.Body.Name)
	return show(w, w.Version, err)
}

type deleteInput struct {
	IfMatch string `header:"If-Match" doc:"The ETag that was read; * is any"`
}

func (s *Service) delete(ctx context.Context, in *deleteInput) (*struct{}, error) {
	version, err := httpx.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	_, err = s.Delete(ctx, version)
	return nil, err
}

type memberInput struct {
	User UserID `path:"user_id"`
}

type changeRoleInput struct {
	User    UserID `path:"user_id"`
	IfMatch string `header:"If-Match" default:"*" doc:"The ETag that was read; * is any"`

	Body struct {
		Role string `json:"role" pattern:"^[a-z][a-z0-9-]{0,39}$" doc:"The name of a role of the workspace"`
	}
}

func (s *Service) changeRole(ctx context.Context, in *changeRoleInput) (*output[Member], error) {
	version, err := httpx.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	m, err := s.ChangeRole(ctx, in.User, version, in.Body.Role)
	return show(m, m.Version, err)
}

func (s *Service) remove(ctx context.Context, in *memberInput) (*struct{}, error) {
	return nil, s.Remove(ctx, in.User)
}

func (s *Service) leave(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.Leave(ctx)
}

type inviteInput struct {
	Body struct {
		Email string `json:"email" maxLength:"254"`
		Role  string `json:"role" pattern:"^[a-z][a-z0-9-]{0,39}$"`
	}
}

func (s *Service) invite(ctx context.Context, in *inviteInput) (*output[Invitation], error) {
	i, err := s.Invite(ctx, in.Body.Email, in.Body.Role)
	return show(i, 0, err)
}

type invitationInput struct {
	ID InvitationID `path:"id"`
}

func (s *Service) withdraw(ctx context.Context, in *invitationInput) (*struct{}, error) {
	return nil, s.Withdraw(ctx, in.ID)
}

type acceptInput struct {
	Body struct {
		Workspace WorkspaceID `json:"workspace"`
		Token     string      `json:"token" maxLength:"200" doc:"What stands behind # in the link"`
	}
}

func (s *Service) accept(ctx context.Context, in *acceptInput) (*output[Workspace], error) {
	w, err := s.Accept(ctx, in.Body.Workspace, in.Body.Token)
	return show(w, w.Version, err)
}
