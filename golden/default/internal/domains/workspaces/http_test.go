package workspaces_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/myapp/internal/domains/workspaces"
	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/httpx/httpxtest"
)

func TestARoleThatIsNotThereIsAFaultOfTheBody(t *testing.T) {
	w := start(t)
	at, users := w.create("firm", authz.Viewer)
	c := httpxtest.New(t, w.Routes).As(w.at(users[0], at))
	for path, body := range map[string]string{
		"PUT /v1/workspace/members/" + user(users[1]).String(): `{"role": "nonsense"}`,
		"POST /v1/workspace/invitations":                       `{"email": "a@example.com", "role": "nonsense"}`,
	} {
		method, target, _ := strings.Cut(path, " ")
		answer := c.Do(method, target, body, 0)
		c.Refused(path, answer, http.StatusUnprocessableEntity, "role_unknown")
		want := httpx.Fault{Location: "body.role", Message: workspaces.ErrNoRole.Error()}
		if diff := cmp.Diff([]httpx.Fault{want}, httpxtest.Decode[httpx.Problem](t, answer).Errors); diff != "" {
			t.Errorf("faults of %s (-want +got):\n%s", path, diff)
		}
	}
}

func TestEveryRouteRefusesWhoIsNotSignedIn(t *testing.T) {
	w := start(t)
	c := httpxtest.New(t, w.Routes)
	mux := http.NewServeMux()
	api := httpx.NewAPI(mux, httpx.Options{Name: "x"})
	w.Routes(api)
	if len(api.Operations()) == 0 {
		t.Fatal("no operation")
	}
	for _, op := range api.Operations() {
		c.Refused(op.Method+" "+op.Path, c.Do(op.Method, op.Path, `{}`, 0), http.StatusUnauthorized, "unauthenticated")
	}
}
