package proof

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/proof/hub"
)

// pushed makes a repository and pushes it.
func pushed(t *testing.T, h *hub.Hub) *scene {
	t.Helper()
	s := &scene{t, h, t.TempDir(), founder(t, h), "acme/shop"}
	command{s.dir, s.env, startkit, []string{"new", "shop", "--stack=core", "--push", s.to}}.run(t)
	s.dir = filepath.Join(s.dir, "shop")
	return s
}

func (s *scene) commit(text string) {
	s.write("note.txt", text)
	s.git("add", "-A")
	s.git("commit", "-qm", text)
}

func (s *scene) push(args ...string) (string, error) {
	return command{s.dir, s.env, startkit, append([]string{"push"}, args...)}.try()
}

func TestALaterPushSendsWhatIsNewAndNeverForces(t *testing.T) {
	s := pushed(t, hub.New(t, canary))
	clone := filepath.Join(t.TempDir(), "clone")
	command{s.dir, s.env, "git", []string{"clone", "-q", s.h.Bare("acme/shop"), clone}}.run(t)
	s.commit("one")
	if out, err := s.push(); err != nil || !strings.Contains(out, "done         push main") {
		t.Fatalf("%v\n%s", err, out)
	}
	other := &scene{t, s.h, clone, s.env, s.to}
	other.git("pull", "-q")
	other.commit("two, by a colleague")
	other.git("push", "-q")
	if out, err := s.push(); err != nil || !strings.Contains(out, "already so   push main") {
		t.Errorf("behind a colleague: %v\n%s", err, out)
	}
	s.commit("three")
	tip := command{s.h.Bare("acme/shop"), s.env, "git", []string{"rev-parse", "main"}}.run(t)
	if out, err := s.push(); err == nil || !strings.Contains(out, "acme/shop has commits on main that are not here; nothing was changed\n    git pull --rebase origin main") {
		t.Errorf("diverged: %v\n%s", err, out)
	}
	if now := (command{s.h.Bare("acme/shop"), s.env, "git", []string{"rev-parse", "main"}}).run(t); now != tip {
		t.Error("main was moved")
	}
}

func TestFlagsLetThroughWhatTheyName(t *testing.T) {
	s := pushed(t, hub.New(t, canary))
	s.write("key.txt", "-----BEGIN PRIVATE "+"KEY-----\n")
	s.git("add", "-A")
	s.git("commit", "-qm", "a key for tests")
	s.git("rm", "-q", "startkit.mod")
	s.git("commit", "-qm", "ours alone")
	if out, err := s.push("--any"); err == nil || !strings.Contains(out, "key.txt:1") {
		t.Errorf("%v\n%s", err, out)
	}
	before := s.h.State()
	if out, err := s.push("--any", "--allow", "key.txt", "--dry-run"); err != nil || !strings.Contains(out, "planned      push main") || s.h.State() != before {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := s.push("--any", "--allow", "key.txt"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestGitMaySpeakSSH(t *testing.T) {
	h := hub.New(t, canary)
	s := &scene{t, h, t.TempDir(), founder(t, h), "acme/shop"}
	// Instead of another machine: the command that ssh would run there, here.
	ssh := filepath.Join(t.TempDir(), "ssh")
	text := "#!/bin/sh\nenv > " + ssh + ".env\nfor last; do :; done\ncd " + filepath.Dir(filepath.Dir(h.Bare("acme/shop"))) + " && exec sh -c \"$last\"\n"
	if err := os.WriteFile(ssh, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "GIT_SSH_COMMAND="+ssh)
	out := born(s.dir, s.env, "acme/shop", "--ssh", "--no-protect").run(t)
	s.dir = filepath.Join(s.dir, "shop")
	origin := command{s.dir, s.env, "git", []string{"remote", "get-url", "origin"}}.run(t)
	seen, err := os.ReadFile(ssh + ".env")
	if origin != "git@127.0.0.1:acme/shop.git\n" || err != nil || shows(string(seen)) || strings.Contains(h.State(), "context") {
		t.Errorf("%s %v\n%s", origin, err, out)
	}
}

func TestTheTokenIsFoundWhereGhAndGitKeepIt(t *testing.T) {
	s := pushed(t, hub.New(t, canary))
	s.unset("GH_TOKEN")
	s.env = append(s.env, "GH_TOKEN=", "GITHUB_TOKEN=")
	bin := t.TempDir()
	gh := "#!/bin/sh\ntest \"$1 $2 $3\" = 'auth token --hostname' && echo " + canary + "\n"
	if err := os.WriteFile(filepath.Join(bin, "gh"), []byte(gh), 0o755); err != nil {
		t.Fatal(err)
	}
	env := s.env
	s.env = append(env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	if out, err := s.push(); err != nil {
		t.Errorf("gh: %v\n%s", err, out)
	}
	s.env = append(env, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=credential.helper", "GIT_CONFIG_VALUE_0=!echo username=x; echo password="+canary+"; :")
	if out, err := s.push(); err != nil {
		t.Errorf("git: %v\n%s", err, out)
	}
}

// TestAnAddressThatTheUserSendsElsewhereGetsNoToken has git rewrite the
// server's address to one of another protocol.
func TestAnAddressThatTheUserSendsElsewhereGetsNoToken(t *testing.T) {
	s := pushed(t, hub.New(t, canary))
	s.git("config", "--global", "url."+filepath.Dir(filepath.Dir(s.h.Bare("acme/shop")))+"/.insteadOf", s.h.URL+"/")
	s.commit("one")
	if out, err := s.push(); err != nil || !strings.Contains(out, "done         push main") {
		t.Errorf("%v\n%s", err, out)
	}
}
