package workspaces_test

import (
	"errors"
	"net/http"
	"testing"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx/httpxtest"
)

func TestAttackARoleOfMoreThanOneHas(t *testing.T) {
	t.Attr("tried", "make a role of permissions that an admin lacks, or take away such a role")
	t.Attr("stopped", "nobody gives or takes a permission that he does not have")
	w := start(t)
	at, users := w.create("firm", authz.Admin, authz.Member)
	owner, admin := w.at(users[0], at), w.at(users[1], at)
	closer := workspaces.Role{Name: "closer", Permissions: []string{"workspaces.workspace.delete"}}
	if _, err := w.CreateRole(admin, closer); !errors.Is(err, workspaces.ErrBeyond) {
		t.Errorf("an admin makes it: %v", err)
	}
	if _, err := w.CreateRole(owner, closer); err != nil {
		t.Fatal(err)
	}
	harmless := workspaces.Role{Name: "closer", Permissions: []string{}}
	for attack, err := range map[string]error{
		"change it":    second(w.UpdateRole(admin, harmless)),
		"delete it":    w.DeleteRole(admin, harmless),
		"give it":      second(w.ChangeRole(admin, user(users[2]), 0, "closer")),
		"invite to it": second(w.Invite(admin, "a@example.com", "closer")),
	} {
		if !errors.Is(err, workspaces.ErrBeyond) {
			t.Errorf("%s: %v", attack, err)
		}
	}
	if _, err := w.ChangeRole(owner, user(users[2]), 0, "closer"); err != nil {
		t.Fatal(err)
	}
	if err := w.DeleteRole(owner, harmless); !errors.Is(err, workspaces.ErrTaken) {
		t.Errorf("delete a role that a member has: %v", err)
	}
	if got := authz.From(w.at(users[2], at)).Permissions; len(got) != 1 || !got.Has("workspaces.workspace.delete") {
		t.Errorf("a member with the role may %v", got)
	}
	if _, err := w.UpdateRole(owner, workspaces.Role{Name: "owner", Permissions: []string{}}); !errors.Is(err, workspaces.ErrNotFound) {
		t.Errorf("change a built-in role: %v", err)
	}
	if _, err := w.CreateRole(owner, workspaces.Role{Name: "x", Permissions: []string{"no.such.permission"}}); !errors.Is(err, workspaces.ErrRole) {
		t.Errorf("a permission that is none: %v", err)
	}
}

func TestNobodyMakesARoleInAWorkspaceThatWasDeletedMeanwhile(t *testing.T) {
	w := start(t)
	at, users := w.create("firm")
	ctx := w.at(users[0], at)
	if _, err := w.Delete(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CreateRole(ctx, workspaces.Role{Name: "closer", Permissions: []string{}}); !errors.Is(err, workspaces.ErrNotFound) {
		t.Errorf("make a role: %v", err)
	}
}

// Postgres refuses the character, which a path can hold.
func TestANameOfARoleThatPostgresCannotStoreIsTheFaultOfWhoSendsIt(t *testing.T) {
	w := start(t)
	at, users := w.create("firm")
	c := httpxtest.New(t, w.Routes).As(w.at(users[0], at))
	for method, body := range map[string]string{"PUT": `{"permissions": []}`, "DELETE": ``} {
		if w := c.Do(method, "/v1/workspace/roles/a%00", body, 1); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", method, w.Code, w.Body)
		}
	}
}
