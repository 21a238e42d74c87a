package forge

import (
	"context"
	"net/http"
	"strings"
)

// Account is who a token belongs to.
type Account struct {
	Login string
	// Scopes are those of a classic token; nil for a token of another kind,
	// whose rights nobody can ask for.
	Scopes []string
}

// Account asks who we are.
func (g *GitHub) Account(ctx context.Context) (Account, error) {
	var a Account
	h, err := g.do(ctx, call{"GET", "/user", nil, &a})
	if list, ok := h["X-Oauth-Scopes"]; ok && err == nil {
		a.Scopes = strings.FieldsFunc(strings.Join(list, ","), func(r rune) bool { return r == ',' || r == ' ' })
		a.Scopes = append([]string{}, a.Scopes...)
	}
	return a, err
}

// Repository is what GitHub says about a repository.
type Repository struct {
	FullName      string `json:"full_name"`
	Private       bool
	Visibility    string
	DefaultBranch string `json:"default_branch"`
	Topics        []string
	Archived      bool
	Permissions   struct{ Admin, Push bool }
}

// Repository asks for a repository; nil if there is none that we may see.
func (g *GitHub) Repository(ctx context.Context, name string) (*Repository, error) {
	var r Repository
	_, err := g.do(ctx, call{"GET", "/repos/" + name, nil, &r})
	if Status(err) == http.StatusNotFound {
		return nil, nil
	}
	return &r, err
}

// Organization is what of an organisation decides who may create.
type Organization struct {
	Login string
	// The last three are nil where GitHub does not tell us.
	Repositories *bool `json:"members_can_create_repositories"`
	Private      *bool `json:"members_can_create_private_repositories"`
	Public       *bool `json:"members_can_create_public_repositories"`
	// Role is ours: "admin", "member", "" for none, "unknown" if the token may
	// not ask.
	Role string `json:"-"`
}

// Organization asks for an organisation, and for the role that a user has in
// it; nil if there is none of that name.
func (g *GitHub) Organization(ctx context.Context, name, login string) (*Organization, error) {
	var o Organization
	if _, err := g.do(ctx, call{"GET", "/orgs/" + name, nil, &o}); Status(err) == http.StatusNotFound {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var m struct{ Role, State string }
	_, err := g.do(ctx, call{"GET", "/orgs/" + name + "/memberships/" + login, nil, &m})
	switch {
	case Status(err) == http.StatusNotFound, err == nil && m.State != "active":
		return &o, nil
	case Status(err) == http.StatusForbidden:
		o.Role, err = "unknown", nil
	default:
		o.Role = m.Role
	}
	return &o, err
}

// NewRepository is what a repository is created with.
type NewRepository struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Private     bool   `json:"private"`
	Visibility  string `json:"visibility,omitempty"` // of an organisation's only
}

// Create makes an empty repository in an organisation, or, with "", of our own.
func (g *GitHub) Create(ctx context.Context, organization string, r NewRepository) (*Repository, error) {
	path := "/user/repos"
	if organization != "" {
		path = "/orgs/" + organization + "/repos"
	}
	var made Repository
	_, err := g.do(ctx, call{"POST", path, r, &made})
	return &made, err
}
