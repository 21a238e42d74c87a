package forge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// reply is what a server says once.
type reply struct {
	status int
	header map[string]string
	body   string
}

// against makes a client of a server that gives the replies in turn, the last
// again and again, and notes the waits of the client instead of waiting.
func against(t *testing.T, replies ...reply) (g *GitHub, calls *[]string, waits *[]time.Duration) {
	t.Helper()
	calls, waits = &[]string{}, &[]time.Duration{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := replies[min(len(*calls), len(replies)-1)]
		*calls = append(*calls, r.Method+" "+r.URL.Path)
		for k, v := range a.header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.body))
	}))
	t.Cleanup(s.Close)
	wait := func(_ context.Context, d time.Duration, _ string) error { *waits = append(*waits, d); return nil }
	return &GitHub{Server{s.URL, s.URL}, NewToken("s3cret-token", "GH_TOKEN"), wait}, calls, waits
}

func TestCallsAreMadeAgainByGitHubsRules(t *testing.T) {
	fine := reply{status: 200, body: `{"login":"ada","full_name":"acme/shop"}`}
	minute := time.Minute
	for _, c := range []struct {
		name    string
		post    bool
		replies []reply
		calls   int
		waits   []time.Duration
		err     string
	}{
		{"at once", false, []reply{fine}, 1, nil, ""},
		{"502 passes", false, []reply{{status: 502}, {status: 503}, fine}, 3, []time.Duration{time.Second, 2 * time.Second}, ""},
		{"500 stays", false, []reply{{status: 500}}, 5, []time.Duration{1e9, 2e9, 4e9, 8e9}, "GET /user: 500 internal server error"},
		{"a POST may have been carried out", true, []reply{{status: 502}}, 1, nil, "POST /user/repos: 502 bad gateway"},
		{"429 was not carried out", true, []reply{{429, map[string]string{"Retry-After": "7"}, ""}, fine}, 2, []time.Duration{7e9}, ""},
		{"a secondary limit without a time", true, []reply{{status: 403, body: `{"message":"You have exceeded a secondary rate limit."}`}, fine}, 2, []time.Duration{minute}, ""},
		{"a limit that is far away", false, []reply{{403, map[string]string{"Retry-After": "3600"}, ""}}, 1, nil, "GitHub allows no more requests before"},
		{"a missing right is not asked for again", false, []reply{{status: 403, body: `{"message":"Must have admin rights"}`}}, 1, nil, "GET /user: 403 Must have admin rights"},
		{"409", false, []reply{{status: 409, body: `{"message":"Conflict"}`}}, 1, nil, "GET /user: 409 Conflict"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, calls, waits := against(t, c.replies...)
			var err error
			if c.post {
				_, err = g.Create(t.Context(), "", NewRepository{Name: "shop"})
			} else {
				_, err = g.Account(t.Context())
			}
			if len(*calls) != c.calls {
				t.Errorf("%d calls, not %d", len(*calls), c.calls)
			}
			if diff := cmp.Diff(fmt.Sprint(c.waits), fmt.Sprint(*waits)); diff != "" {
				t.Error(diff)
			}
			if (err == nil) != (c.err == "") || err != nil && !strings.HasPrefix(err.Error(), c.err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestALimitThatEndsSoonIsWaitedFor(t *testing.T) {
	reset := fmt.Sprint(time.Now().Add(90 * time.Second).Unix())
	g, calls, waits := against(t, reply{403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}, ""}, reply{status: 200, body: "{}"})
	if _, err := g.Account(t.Context()); err != nil || len(*calls) != 2 || len(*waits) != 1 || (*waits)[0] > 92*time.Second || (*waits)[0] < time.Minute {
		t.Error(err, *calls, *waits)
	}
}

func TestNoOtherServerIsFollowedTo(t *testing.T) {
	g, calls, _ := against(t, reply{302, map[string]string{"Location": "http://127.0.0.1:1/user"}, ""})
	_, err := g.Account(t.Context())
	var none *UnreachableError
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "it redirects to 127.0.0.1:1") {
		t.Error(err, *calls)
	}
}

func TestNoVerbPrintsAToken(t *testing.T) {
	token := NewToken(" s3cret-token\n", "GH_TOKEN")
	holder := struct {
		T Token
		r Remote
		g *GitHub
	}{token, Remote{Token: token}, &GitHub{Token: token}}
	text := fmt.Sprintf("%v %+v %#v %s %q %v %+v %#v", token, token, token, token, token, holder, holder, *holder.g)
	if b, err := json.Marshal(token); err == nil {
		text += string(b)
	}
	if strings.Contains(text, "s3cret") {
		t.Error(text)
	}
	if got := token.Scrub("a s3cret-token b " + token.basic()); got != "a [token] b [token]" {
		t.Error(got)
	}
}

func TestServersAreNamedByTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want Server
		err  bool
	}{
		{nil, Server{"https://api.github.com", "https://github.com"}, false},
		{map[string]string{"GH_HOST": "git.acme.dev"}, Server{"https://git.acme.dev/api/v3", "https://git.acme.dev"}, false},
		{map[string]string{"GH_HOST": "acme.ghe.com"}, Server{"https://api.acme.ghe.com", "https://acme.ghe.com"}, false},
		{map[string]string{"GITHUB_API_URL": "http://127.0.0.1:1/", "GITHUB_SERVER_URL": "http://localhost:2"}, Server{"http://127.0.0.1:1", "http://localhost:2"}, false},
		{map[string]string{"GITHUB_API_URL": "http://acme.dev"}, Server{}, true},
		{map[string]string{"GITHUB_SERVER_URL": "https://me:pw@acme.dev"}, Server{}, true},
		{map[string]string{"GH_HOST": "a b"}, Server{}, true},
	} {
		got, err := ServerOf(func(k string) string { return c.env[k] })
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.err {
			t.Error(c.env, err, diff)
		}
	}
}
