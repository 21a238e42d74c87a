package workspaces_test

import (
	"net/http"
	"testing"

	"example.com/myapp/internal/platform/httpx"
	"example.com/myapp/internal/platform/httpx/httpxtest"
)

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
