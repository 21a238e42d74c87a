package proof

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// edit is what an owner did to a file: what stood there, and what stands there
// now.
type edit struct{ path, old, new string }

// edits are those of an owner who has worked in a repository for a week.
var edits = []edit{
	{"cmd/shop/main.go", "func main() {\n", "// build is set by the linker.\nvar build = \"unknown\"\n\nfunc main() {\n\tprintln(\"build\", build)\n"},
	{"internal/app/app.go", "// newApp returns", "// banner is ours.\nconst banner = \"shop\"\n\n// newApp returns"},
	{"internal/app/app.go", "\tvar domains []domain\n", "\tlog.Info(banner)\n\tvar domains []domain\n"},
	{"compose.yaml", "services:\n", "services:\n  mail:\n    image: axllent/mailpit:v1.27\n    ports:\n      - 127.0.0.1:8025:8025\n\n"},
	{"Makefile", ".PHONY: build\n", ".PHONY: seed\nseed: ## Fill the database with examples\n\tgo run ./cmd/seed\n\n.PHONY: build\n"},
	{"README.md", "# shop\n", "# Shop, the shop\n\nWe sell things.\n"},
	{"go.mod", "require (\n", "require (\n\tgithub.com/rivo/uniseg v0.4.7\n"},
}

// own is a file that only the owner has, with a dependency of his own.
const own = "// Package width measures text.\npackage width\n\nimport \"github.com/rivo/uniseg\"\n\n// Of returns the width of a text in cells.\nfunc Of(s string) int { return uniseg.StringWidth(s) }\n"

// work does what the owner did, and commits it.
func work(t *testing.T, dir string, env []string) {
	t.Helper()
	for _, e := range edits {
		p := filepath.Join(dir, e.path)
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), e.old) {
			t.Fatalf("%s does not hold %q", e.path, e.old)
		}
		if err := os.WriteFile(p, []byte(strings.Replace(string(b), e.old, e.new, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "internal/width"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "internal/width/width.go"), []byte(own), 0o644); err != nil {
		t.Fatal(err)
	}
	command{dir, env, "go", []string{"mod", "tidy"}}.run(t)
	commit(t, dir, env, "a week of work")
}

func commit(t *testing.T, dir string, env []string, message string) {
	t.Helper()
	command{dir, env, "git", []string{"add", "-A"}}.run(t)
	command{dir, env, "git", []string{"commit", "-qm", message}}.run(t)
}

// holds checks that the owner's edits are all there.
func holds(t *testing.T, dir string) {
	t.Helper()
	held(t, dir, edits)
}

func held(t *testing.T, dir string, edits []edit) {
	t.Helper()
	for _, e := range edits {
		b, err := os.ReadFile(filepath.Join(dir, e.path))
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(e.new) {
			if !strings.Contains(string(b), strings.TrimSpace(l)) {
				t.Errorf("%s lost %q", e.path, l)
			}
		}
	}
}

// fresh makes a repository that its owner has worked in.
func fresh(t *testing.T, env []string, stack string) string {
	t.Helper()
	dir := t.TempDir()
	command{dir, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=" + stack}}.run(t)
	dir = filepath.Join(dir, "shop")
	work(t, dir, env)
	return dir
}

func TestDomainsAreAddedToWhatOwnersHaveMade(t *testing.T) {
	env := environ(t, t.TempDir())
	dir := fresh(t, env, "pg,redis,asynq")
	command{dir, env, startkit, []string{"add", "domain", "billing", "--entity", "invoice"}}.run(t)
	commit(t, dir, env, "billing")
	command{dir, env, startkit, []string{"add", "domain", "orders", "--entity", "order"}}.run(t)
	holds(t, dir)
	look(t, dir, env)
	// What the owner and the domains have in common. The platform is, but for
	// the name, that of the golden repositories, which are tested as a whole.
	command{dir, env, "go", []string{"test", "./cmd/...", "./internal/app/...", "./internal/archtest/...", "./internal/domains/...", "./internal/width/..."}}.run(t)
}

func TestAConflictIsWrittenTheWayGitWritesIt(t *testing.T) {
	env := environ(t, t.TempDir())
	dir := fresh(t, env, "pg")
	command{dir, env, startkit, []string{"add", "domain", "billing", "--entity", "invoice"}}.run(t)
	commit(t, dir, env, "billing")
	app := filepath.Join(dir, "internal/app/app.go")
	b, err := os.ReadFile(app)
	if err != nil {
		t.Fatal(err)
	}
	mine := strings.Replace(string(b), "billing.New(database)", "billing.New(database /* mine */)", 1)
	if mine == string(b) {
		t.Fatal("the composition root has no billing")
	}
	if err := os.WriteFile(app, []byte(mine), 0o644); err != nil {
		t.Fatal(err)
	}
	commit(t, dir, env, "mine")
	out, err := command{dir, env, startkit, []string{"remove", "domain", "billing"}}.try()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Fatalf("want exit code 3: %v\n%s", err, out)
	}
	b, err = os.ReadFile(app)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<<<<<<< yours\n", "=======\n", ">>>>>>> startkit\n", "/* mine */"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("app.go does not hold %q:\n%s", want, b)
		}
	}
	if out := (command{dir, env, "git", []string{"diff", "--name-only", "--diff-filter=U"}}).run(t); out != "internal/app/app.go\n" {
		t.Errorf("git sees conflicts in %q", out)
	}
	out, err = command{dir, env, startkit, []string{"status"}}.try()
	if !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(out, "conflict  internal/app/app.go") {
		t.Errorf("status: %v\n%s", err, out)
	}
}
