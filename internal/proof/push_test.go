package proof

import (
	"encoding/base64"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/proof/hub"
)

// canary is the token of these tests: nothing else contains it.
const canary = "canary4f9c81d2e7token"

// shows says whether a text holds the token, as it is or as git sends it.
func shows(text string) bool {
	return strings.Contains(text, canary) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte("x-access-token:"+canary)))
}

// founder is an environment that leads to a hub.
func founder(t *testing.T, h *hub.Hub) []string {
	t.Helper()
	return append(environ(t, t.TempDir()), h.Env()...)
}

// born is the command that makes a repository and pushes it.
func born(dir string, env []string, to string, more ...string) command {
	args := append([]string{"new", "shop", "--stack=pg", "--push", to}, more...)
	return command{dir, env, startkit, args}
}

func TestNewWithPushEndsWithARepositoryThatIsSafe(t *testing.T) {
	h := hub.New(t, canary)
	dir, env := t.TempDir(), founder(t, h)
	born(dir, env, "acme/shop").run(t)
	state := h.State()
	for _, want := range []string{`"alerts": true`, `"fixes": true`, `"read_only": true`, `"visibility": "private"`, `"default_branch": "main"`, `"context": "check"`} {
		if !strings.Contains(state, want) {
			t.Errorf("no %s in\n%s", want, state)
		}
	}
	shop := filepath.Join(dir, "shop")
	here := command{shop, env, "git", []string{"rev-parse", "main", "origin/main"}}.run(t)
	there := command{h.Bare("acme/shop"), env, "git", []string{"rev-parse", "main", "main"}}.run(t)
	if diff := cmp.Diff(here, there); diff != "" {
		t.Error(diff)
	}
	again := command{shop, env, startkit, []string{"push"}}.run(t)
	if strings.Contains(again, "done  ") || strings.Count(again, "already so") != 10 {
		t.Errorf("the second push:\n%s", again)
	}
	if diff := cmp.Diff(state, h.State()); diff != "" {
		t.Error(diff)
	}
}

// TestAPushKilledAtAnyCallIsFinishedByTheNext kills the program when the server
// has carried out its n-th call and not said so, for every n.
func TestAPushKilledAtAnyCallIsFinishedByTheNext(t *testing.T) {
	want := ""
	for n := 1; ; n++ {
		h := hub.New(t, canary)
		dir, env := t.TempDir(), founder(t, h)
		c := born(dir, env, "acme/shop")
		c.args[2] = "--stack=core"
		cmd := exec.Command(c.name, c.args...)
		cmd.Dir, cmd.Env = c.dir, c.env
		dead, once := false, sync.Mutex{}
		h.Seen = func(k int, _ *http.Request) {
			once.Lock()
			defer once.Unlock()
			if k == n && want != "" {
				dead = true
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			}
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		once.Lock()
		killed := dead
		once.Unlock()
		h.Seen = nil
		if want == "" {
			want = h.State() // of a run that nobody killed
			n = 0
			continue
		}
		c.run(t)
		if diff := cmp.Diff(want, h.State()); diff != "" {
			t.Errorf("killed at call %d: %s", n, diff)
		}
		heads := command{h.Bare("acme/shop"), env, "git", []string{"log", "--format=%s", "--all"}}.run(t)
		if heads != "Start shop\n" {
			t.Errorf("killed at call %d: %q", n, heads)
		}
		if !killed {
			t.Logf("%d calls", n-1)
			return
		}
	}
}

func TestTheTokenIsNowhere(t *testing.T) {
	h := hub.New(t, canary)
	dir := t.TempDir()
	env := append(founder(t, h), "GIT_TRACE=1", "GIT_CURL_VERBOSE=1", "GIT_TRACE_CURL=1", "GIT_TRACE_REDACT=0", "GIT_TRACE2_EVENT="+dir+"/trace")
	home := ""
	for _, v := range env {
		if strings.HasPrefix(v, "HOME=") {
			home = v[5:]
		}
	}
	hooks := filepath.Join(home, "hooks")
	if err := os.MkdirAll(hooks, 0o755); err != nil {
		t.Fatal(err)
	}
	hook := "#!/bin/sh\n{ echo ran; env; cat; } >> " + filepath.Join(home, "seen-by-hooks") + "\n"
	for _, name := range []string{"pre-push", "pre-commit", "reference-transaction"} {
		if err := os.WriteFile(filepath.Join(hooks, name), []byte(hook), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	config := "[user]\n\tname = Ada\n\temail = ada@acme.example.org\n[core]\n\thooksPath = " + hooks +
		"\n[trace2]\n\teventTarget = " + filepath.Join(home, "trace2") + "\n\tconfigParams = *\n\tenvVars = *,GIT_CONFIG_VALUE_1\n"
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	var seen []string
	h.Seen = func(int, *http.Request) { seen = append(seen, leaks()...) }
	out := born(dir, env, "acme/shop").run(t)
	h.Bend = func(w http.ResponseWriter, r *http.Request) bool {
		git := strings.Contains(r.URL.Path, ".git/")
		if git {
			w.Header().Set("Content-Type", "text/plain")
			http.Error(w, "no such token: "+canary, 403)
		}
		return git
	}
	more, _ := command{filepath.Join(dir, "shop"), env, startkit, []string{"push"}}.try()
	if !strings.Contains(more, "look at ") || shows(out+more) {
		t.Errorf("it is printed:\n%s%s", out, more)
	}
	for _, s := range seen {
		t.Error(s)
	}
	for _, root := range []string{dir, home} {
		for path, text := range everything(t, root) {
			if shows(text) {
				t.Errorf("it is in %s", path)
			}
		}
	}
	text, _ := os.ReadFile(filepath.Join(home, "seen-by-hooks"))
	if !strings.Contains(string(text), "ran") || !strings.Contains(string(text), "refs/heads/main ") {
		t.Errorf("the hooks did not run:\n%s", text)
	}
}

// leaks lists the processes that show the token: in their arguments any, in
// their environment those that are neither git, startkit nor this test.
func leaks() (list []string) {
	procs, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range procs {
		args, _ := os.ReadFile(p + "/cmdline")
		vars, _ := os.ReadFile(p + "/environ")
		exe, _ := os.Readlink(p + "/exe")
		if shows(string(args)) {
			list = append(list, "in the arguments of "+exe)
		}
		name := filepath.Base(exe)
		if shows(string(vars)) && name != "startkit" && !strings.HasPrefix(name, "git") {
			list = append(list, "in the environment of "+exe+" "+string(args))
		}
	}
	return list
}

// everything reads all files below a folder.
func everything(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.Walk(root, func(p string, i os.FileInfo, err error) error {
		if err == nil && i.Mode().IsRegular() {
			b, err := os.ReadFile(p)
			all[p] = string(b)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
