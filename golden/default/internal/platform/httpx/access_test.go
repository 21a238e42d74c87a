package httpx_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/id"
)

// doors adds an operation for each kind of Access, at a path of its name.
func doors(api *httpx.API) {
	for path, access := range map[string]httpx.Access{
		"public": httpx.Public, "signed-in": httpx.SignedIn, "operator": httpx.Operator, "permission": httpx.Needs("orders.order.write"),
	} {
		httpx.Register(api, httpx.Operation{
			Operation: huma.Operation{OperationID: path, Method: http.MethodPost, Path: "/" + path},
			Access:    access,
			Audit:     httpx.NotAudited("it is a test"),
		}, func(context.Context, *itemInput) (*struct{}, error) { return nil, nil })
	}
}

// users are who the header Authorization says.
func users(r *http.Request) (authz.Principal, error) {
	tenant := id.New()
	switch r.Header.Get("Authorization") {
	case "":
		return authz.Principal{}, nil
	case "wrong":
		return authz.Principal{}, authz.ErrAnonymous
	case "broken":
		return authz.Principal{}, errors.New(inside)
	case "nowhere":
		return authz.Principal{Kind: authz.User, ID: id.New()}, nil
	case "writer":
		return authz.Principal{Kind: authz.User, ID: id.New(), Tenant: tenant, Permissions: authz.NewSet("orders.order.write")}, nil
	case "operator":
		return authz.Principal{Kind: authz.User, ID: id.New(), Operator: true}, nil
	}
	return authz.Principal{Kind: authz.User, ID: id.New(), Tenant: tenant}, nil
}

func TestOnlyWhoMayUseAnOperationReachesIt(t *testing.T) {
	t.Parallel()
	var denied []string
	s := newSurface(t, func(o *httpx.Options) {
		o.Authenticate = users
		o.Denied = func(_ context.Context, op httpx.Operation) { denied = append(denied, op.OperationID) }
	})
	got := map[string]string{}
	for _, who := range []string{"", "reader", "nowhere", "writer", "operator", "wrong", "broken"} {
		var answers []string
		for _, path := range []string{"public", "signed-in", "operator", "permission"} {
			// The body is refused by the operation itself: 422 is who got through.
			w := s.do("POST", "/"+path, strings.NewReader(`{}`), "Authorization", who)
			code := "in"
			if w.Code != http.StatusUnprocessableEntity {
				code = decode(t, w.Body.String())["code"].(string)
			}
			answers = append(answers, code)
		}
		got[who] = strings.Join(answers, " ")
	}
	want := map[string]string{
		"":         "in unauthenticated unauthenticated unauthenticated",
		"reader":   "in in permission_denied permission_denied",
		"nowhere":  "in in permission_denied workspace_required",
		"writer":   "in in permission_denied in",
		"operator": "in in in workspace_required",
		"wrong":    "unauthenticated unauthenticated unauthenticated unauthenticated",
		"broken":   strings.TrimSpace(strings.Repeat("internal_server_error ", 4)),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("public, signed in, operator, permission (-want +got):\n%s", diff)
	}
	if len(denied) != 9 {
		t.Errorf("told of %d refusals, want 9: %v", len(denied), denied)
	}
}

func TestAnOperationThatDoesNotSayWhoMayUseItIsNotServed(t *testing.T) {
	t.Parallel()
	api := httpx.NewAPI(http.NewServeMux(), testOptions(&buffer{}))
	nothing := func(context.Context, *struct{}) (*struct{}, error) { return nil, nil }
	for _, op := range []httpx.Operation{
		{Operation: huma.Operation{Method: "GET", Path: "/a"}},
		{Operation: huma.Operation{Method: "POST", Path: "/b"}, Access: httpx.Public},
		{Operation: huma.Operation{Method: "DELETE", Path: "/c"}},
		{Operation: huma.Operation{Method: "GET", Path: "/d"}, Access: httpx.Public},
	} {
		httpx.Register(api, op, nothing)
	}
	want := []string{
		"GET /a does not say its Access: who may use it",
		"POST /b does not say its Audit: what is recorded of it",
		"DELETE /c does not say its Access: who may use it, nor its Audit: what is recorded of it",
	}
	err := httpx.Describe(http.NewServeMux(), api)
	if err == nil {
		t.Fatal("the API is served")
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHealthIsAnsweredToNobodyWithoutAsking(t *testing.T) {
	t.Parallel()
	asked := 0
	s := newSurface(t, func(o *httpx.Options) {
		o.Authenticate = func(*http.Request) (authz.Principal, error) { asked++; return authz.Principal{}, nil }
	})
	s.do("GET", "/livez", nil)
	s.do("GET", "/readyz", nil)
	if asked != 0 {
		t.Errorf("it was asked %d times who acts", asked)
	}
}
