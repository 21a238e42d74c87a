package proof

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/proof/hub"
)

// scene is a repository that could be pushed, before something is made wrong.
type scene struct {
	*testing.T
	h   *hub.Hub
	dir string
	env []string
	to  string
}

func (s *scene) git(args ...string) { s.Helper(); command{s.dir, s.env, "git", args}.run(s) }

func (s *scene) write(name, text string) {
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
		s.Fatal(err)
	}
}

func (s *scene) unset(name string) {
	s.env = slices.DeleteFunc(s.env, func(v string) bool { return strings.HasPrefix(v, name+"=") })
}

// answer has the hub answer one path with a status.
func (s *scene) answer(path string, status int, body string) {
	s.h.Bend = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api"+path {
			return false
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
		return true
	}
}

// taken pushes another history to the name.
func (s *scene) taken() {
	other := s.TempDir()
	command{other, s.env, startkit, []string{"new", "shop", "--stack=core", "--push", s.to}}.run(s)
}

func TestRefusalsSayWhatToDoAndChangeNothing(t *testing.T) {
	key := "-----BEGIN RSA PRIVATE " + "KEY-----\n"
	for _, c := range []struct {
		name string
		code int
		want string // the first line, with the hub's address as HUB
		with func(*scene)
	}{
		{"no token", 4, "there is no token for HUB; nothing was changed", func(s *scene) { s.unset("GH_TOKEN") }},
		{"a bad token", 4, "HUB does not accept the token of GH_TOKEN; nothing was changed", func(s *scene) { s.env = append(s.env, "GH_TOKEN=wrong") }},
		{"a token of no person", 4, "the token of GH_TOKEN belongs to no person, and cannot make a repository (GET /user: 403 Resource not accessible by integration); nothing was changed", func(s *scene) {
			s.answer("/user", 403, `{"message":"Resource not accessible by integration"}`)
		}},
		{"no member", 1, "you cannot push to other/shop: ada is no member of other; nothing was changed", func(s *scene) { s.to = "other/shop" }},
		{"no such owner", 1, "you cannot push to nobody/shop: nobody is no organisation that ada can see; nothing was changed", func(s *scene) { s.to = "nobody/shop" }},
		{"members create none", 1, "you cannot push to strict/shop: strict does not let its members create repositories of this kind; nothing was changed", func(s *scene) { s.to = "strict/shop" }},
		{"the name is taken", 1, "acme/shop holds a history that does not begin with our first commit; nothing was changed", func(s *scene) { s.taken() }},
		{"a dirty tree", 1, "changes that are not committed: README.md, note.txt; nothing was changed", func(s *scene) { s.write("note.txt", "x"); s.write("README.md", "x") }},
		{"a secret", 1, "secrets would be pushed; nothing was changed", func(s *scene) { s.write("a.txt", "one\n"+key); s.git("add", "-A"); s.git("commit", "-qm", "a key") }},
		{"a secret in the past", 1, "secrets would be pushed; nothing was changed", func(s *scene) {
			s.write("a.txt", "one\n"+key)
			s.git("add", "-A")
			s.git("commit", "-qm", "a key")
			s.git("rm", "-q", "a.txt")
			s.git("commit", "-qm", "gone")
		}},
		{"no identity", 1, "git knows no user.name and user.email; nothing was changed", func(s *scene) { s.env = append(s.env, "HOME="+s.TempDir()) }},
		{"no network", 1, "http://127.0.0.1:1/api cannot be reached: dial tcp 127.0.0.1:1: connect: connection refused", func(s *scene) { s.env = append(s.env, "GITHUB_API_URL=http://127.0.0.1:1/api") }},
		{"no TLS", 2, `"http://git.example.org" is not https; a token is sent there`, func(s *scene) { s.env = append(s.env, "GITHUB_SERVER_URL=http://git.example.org") }},
		{"not of startkit", 1, "DIR is not in a repository that startkit made: no startkit.mod here or above; nothing was changed", func(s *scene) { s.git("rm", "-q", "startkit.mod"); s.git("commit", "-qm", "gone") }},
		{"another origin", 1, "origin is git@example.org:a/b.git and not http://HUB/acme/shop.git; nothing was changed", func(s *scene) { s.git("remote", "add", "origin", "git@example.org:a/b.git") }},
		{"no name", 2, `"acme" names no repository`, func(s *scene) { s.to = "acme" }},
		{"no branch main", 1, "there is no commit on a branch main; nothing was changed", func(s *scene) { s.git("branch", "-m", "trunk") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := hub.New(t, canary)
			s := &scene{t, h, t.TempDir(), founder(t, h), "acme/shop"}
			command{s.dir, s.env, startkit, []string{"new", "shop", "--stack=core", "--module=example.com/shop"}}.run(t)
			s.dir = filepath.Join(s.dir, "shop")
			c.with(s)
			before, state := everything(t, s.dir), h.State()
			out, err := command{s.dir, s.env, startkit, []string{"-C", s.dir, "push", s.to}}.try()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != c.code {
				t.Errorf("it ends with %v, not %d", err, c.code)
			}
			first, next, _ := strings.Cut(strings.NewReplacer(strings.TrimPrefix(h.URL, "http://"), "HUB", s.dir, "DIR").Replace(out), "\n")
			if diff := cmp.Diff("startkit: "+c.want, first); diff != "" || next == "" {
				t.Errorf("%s\n%s", diff, out)
			}
			if strings.Contains(c.name, "secret") && (!strings.Contains(out, "a.txt:2") || strings.Contains(out, "BEGIN")) {
				t.Errorf("the secret's place:\n%s", out)
			}
			if diff := cmp.Diff(before, everything(t, s.dir)); diff != "" {
				t.Errorf("it changed the repository: %s", diff)
			}
			if diff := cmp.Diff(state, h.State()); diff != "" {
				t.Errorf("it changed GitHub: %s", diff)
			}
		})
	}
}

func TestNewWithPushRefusesBeforeItWrites(t *testing.T) {
	h := hub.New(t, canary)
	dir, env := t.TempDir(), founder(t, h)
	for _, c := range []command{
		born(dir, append(env, "GH_TOKEN=wrong"), "acme/shop"), born(dir, env, "other/shop"), born(dir, env, "acme"),
		born(dir, env, "acme/shop", "--no-git"), born(dir, env, "acme/shop", "--dry-run"), born(dir, append(env, "HOME="+t.TempDir()), "acme/shop"),
	} {
		out, err := c.try()
		if (err == nil) != slices.Contains(c.args, "--dry-run") {
			t.Errorf("%v: %v\n%s", c.args, err, out)
		}
		if left := others(t, dir, ""); len(left) > 0 || h.State() != "{}" {
			t.Fatalf("%v left %v, %s", c.args, left, h.State())
		}
	}
}

func TestWhatIsNotAllowedIsListedWithItsPage(t *testing.T) {
	h := hub.New(t, canary)
	dir, env := t.TempDir(), founder(t, h)
	h.Bend = func(w http.ResponseWriter, r *http.Request) bool {
		refused := strings.HasSuffix(r.URL.Path, "/rulesets")
		if refused {
			w.WriteHeader(403)
			_, _ = w.Write([]byte(`{"message":"Upgrade to GitHub Pro or make this repository public to enable this feature."}`))
		}
		return refused
	}
	out := born(dir, env, "acme/shop").run(t)
	want := "not allowed  main is reviewed and checked\n             " + h.URL + "/acme/shop/settings/rules: 403 Upgrade to GitHub Pro or make this repository public to enable this feature\n"
	if !strings.Contains(out, want) {
		t.Error(out)
	}
}

// TestWhatTheServerDidAndDidNotSayIsNotDoneTwice answers each POST with a 502
// after it was carried out.
func TestWhatTheServerDidAndDidNotSayIsNotDoneTwice(t *testing.T) {
	h := hub.New(t, canary)
	dir, env := t.TempDir(), founder(t, h)
	posts := 0
	h.Bend = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || strings.Contains(r.URL.Path, ".git/") {
			return false
		}
		posts++
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/api")
		h.API.ServeHTTP(httptest.NewRecorder(), r)
		w.WriteHeader(http.StatusBadGateway)
		return true
	}
	out := born(dir, env, "acme/shop").run(t)
	if n := strings.Count(h.State(), `"context": "check"`); posts != 2 || n != 1 || !strings.Contains(out, "done         create the repository") {
		t.Errorf("%d POSTs, %d rulesets\n%s", posts, n, out)
	}
}
