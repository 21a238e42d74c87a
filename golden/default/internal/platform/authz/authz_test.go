package authz_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/id"
)

const write authz.Permission = "orders.order.write"

func TestNobodyMayDoWhatWasNotGranted(t *testing.T) {
	t.Parallel()
	granted := authz.NewSet(write)
	for name, test := range map[string]struct {
		who  authz.Principal
		want error
	}{
		"nobody":                         {authz.Principal{}, authz.ErrAnonymous},
		"a user nowhere":                 {authz.Principal{Kind: authz.User}, authz.ErrNoTenant},
		"a user without the permission":  {authz.Principal{Kind: authz.User, Tenant: id.New()}, authz.ErrDenied},
		"a user with another":            {authz.Principal{Kind: authz.User, Tenant: id.New(), Permissions: authz.NewSet("x")}, authz.ErrDenied},
		"a user with the permission":     {authz.Principal{Kind: authz.User, Tenant: id.New(), Permissions: granted}, nil},
		"a key without the permission":   {authz.Principal{Kind: authz.Key}, authz.ErrDenied},
		"an operator without permission": {authz.Principal{Kind: authz.User, Tenant: id.New(), Operator: true}, authz.ErrDenied},
		"the program":                    {authz.System(id.UUID{}), nil},
	} {
		if err := authz.Check(authz.With(t.Context(), test.who), write); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
	if err := authz.Check(context.Background(), write); !errors.Is(err, authz.ErrAnonymous) {
		t.Errorf("without With: got %v", err)
	}
}

func TestWhatIsForOperatorsIsForThemAndTheProgram(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		who      authz.Principal
		signedIn error
		operator error
	}{
		"nobody":      {authz.Principal{}, authz.ErrAnonymous, authz.ErrAnonymous},
		"a user":      {authz.Principal{Kind: authz.User}, nil, authz.ErrDenied},
		"an operator": {authz.Principal{Kind: authz.User, Operator: true}, nil, nil},
		"the program": {authz.System(id.UUID{}), nil, nil},
	} {
		ctx := authz.With(t.Context(), test.who)
		if err := authz.CheckSignedIn(ctx); !errors.Is(err, test.signedIn) {
			t.Errorf("%s: signed in: got %v, want %v", name, err, test.signedIn)
		}
		if err := authz.CheckOperator(ctx); !errors.Is(err, test.operator) {
			t.Errorf("%s: operator: got %v, want %v", name, err, test.operator)
		}
	}
}

func TestARoleHasWhatTheRolesBelowItHave(t *testing.T) {
	t.Parallel()
	grants := []authz.Grant{
		{Permission: "read", Least: authz.Viewer},
		{Permission: "write", Least: authz.Member},
		{Permission: "invite", Least: authz.Admin},
		{Permission: "close", Least: authz.Owner},
		{Permission: "nobody", Least: "unheard of"},
	}
	got := map[authz.Role]int{}
	for _, role := range append(authz.Roles(), "bookkeeper") {
		got[role] = len(authz.Granted(role, grants))
	}
	want := map[authz.Role]int{authz.Viewer: 1, authz.Member: 2, authz.Admin: 3, authz.Owner: 4, "bookkeeper": 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("how many of the grants (-want +got):\n%s", diff)
	}
	if !authz.Granted(authz.Member, grants).Has("write") || authz.Granted(authz.Member, grants).Has("invite") {
		t.Error("a member may write and not invite")
	}
}
