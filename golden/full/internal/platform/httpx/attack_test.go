package httpx_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"example.com/myapp/internal/platform/authz"
	"example.com/myapp/internal/platform/httpx"
)

func TestAttackAFieldThatIsReadAndNotLookedAt(t *testing.T) {
	t.Parallel()
	t.Attr("tried", "send a field twice, well-formed under its name and beyond all bounds under one that differs in case alone")
	t.Attr("stopped", "a name that is not written as it is described is no name of a field")
	s := newSurface(t, nil)
	for _, second := range []string{"NAME", "Name", "naMe"} {
		if w := s.put(`{"name":"x","` + second + `":"` + strings.Repeat("y", 150) + `"}`); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", second, w.Code, w.Body)
		}
		if w := s.put(`{"` + second + `":"x"}`); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s alone: %d %s", second, w.Code, w.Body)
		}
	}
}

// slowBody is a body that comes when the rights of its sender have ended.
type slowBody struct {
	io.Reader
	meanwhile func()
}

func (b slowBody) Read(p []byte) (int, error) {
	b.meanwhile()
	return b.Reader.Read(p)
}

func TestAttackARequestThatOutlivesTheRightsOfItsSender(t *testing.T) {
	t.Attr("tried", "begin a request, have the session revoked or the role taken away, and send its body then")
	t.Attr("stopped", "who acts is asked once more where a request was long in coming")
	for ended, want := range map[string]int{"": http.StatusUnauthorized, "reader": http.StatusForbidden, "broken": http.StatusInternalServerError} {
		synctest.Test(t, func(t *testing.T) {
			who, denied := "", 0
			options := testOptions(&buffer{})
			options.Denied = func(context.Context, httpx.Operation) { denied++ }
			options.Authenticate = func(r *http.Request) (authz.Principal, error) {
				r.Header.Set("Authorization", who)
				return users(r)
			}
			mux := http.NewServeMux()
			write := huma.Operation{OperationID: "write", Method: http.MethodPost, Path: "/write"}
			httpx.Register(httpx.NewAPI(mux, options), httpx.Operation{
				Operation: write, Access: httpx.Needs("orders.order.write"), Audit: httpx.NotAudited("it is a test"),
			}, func(context.Context, *struct{ Body string }) (*struct{}, error) { return nil, nil })
			s := surface{Handler: httpx.Handler(mux, options)}
			send := func(wait time.Duration) int {
				who = "writer"
				return s.do("POST", "/write", slowBody{strings.NewReader(`"x"`), func() {
					time.Sleep(wait)
					who = ended
				}}).Code
			}
			if got := send(2 * time.Second); got != want {
				t.Errorf("%q who was a writer: %d, want %d", ended, got, want)
			}
			if told := denied == 1; told != (ended != "broken") {
				t.Errorf("%q: told of %d refusals", ended, denied)
			}
			if got := send(0); got != http.StatusNoContent {
				t.Errorf("a body that comes at once: %d", got)
			}
		})
	}
}
