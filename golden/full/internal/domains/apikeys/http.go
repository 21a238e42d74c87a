package apikeys

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/secret"
)

// The paths of all, and of one.
const (
	allPath = "/v1/workspace/api-keys"
	onePath = allPath + "/{id}"
)

// Routes adds the routes of the domain to api.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, operation("GET", allPath, "list-api-keys", httpx.Needs(readKey), ""), s.list)
	httpx.Register(api, operation("POST", allPath, "create-api-key", httpx.Needs(writeKey), "apikeys.key_created"), s.create)
	httpx.Register(api, operation("POST", onePath+"/rotate", "rotate-api-key", httpx.Needs(writeKey), "apikeys.key_rotated"), s.rotate)
	httpx.Register(api, operation("DELETE", onePath, "revoke-api-key", httpx.Needs(writeKey), "apikeys.key_revoked"), s.revoke)

	api.Refuse(
		httpx.Refusal{Err: ErrNotFound, Status: http.StatusNotFound, Code: "api_key_not_found"},
		httpx.Refusal{Err: ErrName, Status: http.StatusUnprocessableEntity, Code: "api_key_name_invalid"},
		httpx.Refusal{Err: ErrScopes, Status: http.StatusUnprocessableEntity, Code: "scopes_invalid"},
		httpx.Refusal{Err: ErrBeyond, Status: http.StatusForbidden, Code: "beyond_own_permissions"},
		httpx.Refusal{Err: ErrMany, Status: http.StatusConflict, Code: "api_keys_too_many"},
		httpx.Refusal{Err: authz.ErrProof, Status: http.StatusForbidden, Code: "proof_required"},
	)
}

// operation is one of the routes. What is posted makes a key, whose text is shown once.
func operation(method, path, name string, access httpx.Access, audit string) httpx.Operation {
	status := map[string]int{http.MethodGet: http.StatusOK, http.MethodPost: http.StatusCreated, http.MethodDelete: http.StatusNoContent}
	return httpx.Operation{
		Operation: huma.Operation{
			OperationID: name, Tags: []string{"apikeys"}, Method: method, Path: path, DefaultStatus: status[method],
		},
		Access: access,
		Audit:  audit,
		Secret: method == http.MethodPost,
	}
}

// Bearer returns the key that a request presents, or "". A key in a cookie is none: what a browser sends by itself may be sent in
// the name of others.
func Bearer(r *http.Request) string {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(text)
}

type listOutput struct {
	Body struct {
		Items []Key `json:"items" nullable:"false"`
	}
}

func (s *Service) list(ctx context.Context, _ *struct{}) (*listOutput, error) {
	found, err := s.List(ctx)
	out := &listOutput{}
	out.Body.Items = append([]Key{}, found...)
	return out, err
}

type madeOutput struct {
	Body struct {
		Key

		Secret string `json:"secret" doc:"The key. It is shown this once"`
	}
}

func made(key Key, text secret.String, err error) (*madeOutput, error) {
	out := &madeOutput{}
	out.Body.Key, out.Body.Secret = key, text.Reveal()
	return out, err
}

type createInput struct {
	Body struct {
		Name   string   `json:"name" minLength:"1" maxLength:"100" doc:"One line: what uses it"`
		Scopes []string `json:"scopes" nullable:"false" minItems:"1" maxItems:"100" doc:"Permissions of one's own"`
		Days   int      `json:"days,omitempty" minimum:"1" maximum:"366" default:"90" doc:"How long it works"`
	}
}

func (s *Service) create(ctx context.Context, in *createInput) (*madeOutput, error) {
	return made(s.Create(ctx, CreateRequest{
		Name: in.Body.Name, Scopes: in.Body.Scopes, Life: time.Duration(in.Body.Days) * 24 * time.Hour,
	}))
}

type rotateInput struct {
	ID   KeyID `path:"id"`
	Body struct {
		// A pointer, since huma takes a number that is 0 for one that is not there.
		Hours *int `json:"hours,omitempty" minimum:"0" maximum:"168" default:"24" doc:"How long the old key goes on working"`
	}
}

func (s *Service) rotate(ctx context.Context, in *rotateInput) (*madeOutput, error) {
	return made(s.Rotate(ctx, in.ID, time.Duration(*in.Body.Hours)*time.Hour))
}

type revokeInput struct {
	ID KeyID `path:"id"`
}

func (s *Service) revoke(ctx context.Context, in *revokeInput) (*struct{}, error) {
	return nil, s.Revoke(ctx, in.ID)
}
