package workspaces_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/platform/authz"
)

func TestAWorkspaceHasTheBuiltInRoles(t *testing.T) {
	w := start(t)
	at, users := w.create("firm", authz.Viewer)
	viewer := w.at(users[1], at)
	found, err := w.Roles(viewer)
	if err != nil {
		t.Fatal(err)
	}
	may := map[string][]string{}
	for _, r := range found {
		may[r.Name] = r.Permissions
	}
	for _, role := range authz.Roles() {
		if set := authz.Granted(role, w.Permissions()); len(may[string(role)]) != len(set) {
			t.Errorf("%s may do %v, want %v", role, may[string(role)], set)
		}
	}
	want := []string{"workspaces.member.read", "workspaces.workspace.read"}
	if diff := cmp.Diff(want, may["viewer"]); diff != "" || len(found) != len(authz.Roles()) {
		t.Errorf("%d roles; a viewer may (-want +got):\n%s", len(found), diff)
	}
}

func TestARoleWithPermissionsInItsRowHasThoseThatAreDeclared(t *testing.T) {
	w := start(t)
	at, users := w.create("firm")
	w.exec(at, `insert into workspaces.roles (name, permissions) values ('closer', '{workspaces.workspace.delete, no.such.permission}')`)
	w.exec(at, `update workspaces.members set role = 'closer'`)
	want := authz.NewSet("workspaces.workspace.delete")
	if diff := cmp.Diff(want, authz.From(w.at(users[0], at)).Permissions); diff != "" {
		t.Errorf("a member with the role may (-want +got):\n%s", diff)
	}
}
