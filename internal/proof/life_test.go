package proof

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// TestALifeOfARepository grows a repository and shrinks it again while its
// owner works in it. At each step it builds, is vetted and tidy, keeps what the
// owner wrote, and passes its own tests on real servers.
func TestALifeOfARepository(t *testing.T) {
	env := environ(t, t.TempDir())
	dir := fresh(t, env, "pre-seed")
	step := func(args ...string) {
		t.Helper()
		command{dir, env, startkit, args}.run(t)
		command{dir, env, "go", []string{"mod", "tidy"}}.run(t)
		holds(t, dir)
		look(t, dir, env)
		command{dir, env, "go", append([]string{"test"}, reached(t, dir, env)...)}.run(t)
		commit(t, dir, env, strings.Join(args, " "))
	}
	step("add", "redis", "asynq")
	step("add", "domain", "billing", "--entity", "invoice")
	change(t, filepath.Join(dir, "internal/domains/billing/store.go"), "const columns", "// The columns that a reader sees.\nconst columns")
	commit(t, dir, env, "a comment")
	step("remove", "asynq")
	if _, err := os.Stat(filepath.Join(dir, "internal/platform/jobs/asynqengine")); err == nil {
		t.Error("asynq is still there")
	}
	if _, err := os.Stat(filepath.Join(dir, "internal/platform/jobs/riverengine")); err != nil {
		t.Error("nothing runs the jobs: ", err)
	}
	if out := (command{dir, env, startkit, []string{"update"}}).run(t); !strings.Contains(out, "wrote     nothing") {
		t.Errorf("an update to the same version changes something: %s", out)
	}
}

// reached are the packages that what is not committed can have an effect on:
// all of them, or those above the platform if that is as it was.
func reached(t *testing.T, dir string, env []string) []string {
	t.Helper()
	below := []string{"status", "--porcelain", "--", "go.mod", "internal/platform", "internal/vendors", "internal/devenv"}
	if out := (command{dir, env, "git", below}).run(t); out != "" {
		return []string{"./..."}
	}
	return []string{"./cmd/...", "./internal/app/...", "./internal/archtest/...", "./internal/domains/..."}
}

// change replaces a text in a file.
func change(t *testing.T, path, old, new string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), old) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(b), old, new, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// publish puts a source tree into a module proxy of files.
func publish(t *testing.T, proxy, source, version string) {
	t.Helper()
	m := module.Version{Path: "github.com/startkit/startkit", Version: version}
	at := filepath.Join(proxy, filepath.FromSlash(m.Path), "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(at, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := zip.CreateFromDir(f, m, source); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(source, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{version + ".mod": string(mod), version + ".info": `{"Version":"` + version + `"}`, "list": "v0.1.0\nv0.2.0\n"} {
		if err := os.WriteFile(filepath.Join(at, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// source copies the sources of startkit into a folder.
func source(t *testing.T, env []string, dir string) string {
	t.Helper()
	command{".", env, "mkdir", []string{"-p", dir}}.run(t)
	for _, part := range []string{"cmd", "internal", "templates", "go.mod", "go.sum"} {
		command{".", env, "cp", []string{"-r", filepath.Join("../..", part), dir}}.run(t)
	}
	return dir
}

// nextVersion turns sources into those of the next version, which has other
// words in a file that follows updates and in one that was written once, and
// builds it.
func nextVersion(t *testing.T, env []string, dir string) string {
	t.Helper()
	change(t, filepath.Join(dir, "internal/answers/answers.go"), `"v0.1.0"`, `"v0.2.0"`)
	change(t, filepath.Join(dir, "templates/core/files/Makefile.tmpl"), "## Format the code", "## Format all of the code")
	change(t, filepath.Join(dir, "templates/core/seed/README.md.tmpl"), "## Running it", "## Operating it")
	bin := dir + "-startkit"
	command{dir, env, "go", []string{"build", "-o", bin, "./cmd/startkit"}}.run(t)
	return bin
}

// TestUpdateFromOneVersionToTheNext serves two versions of startkit from a
// folder and updates a repository from the first to the second, offline.
func TestUpdateFromOneVersionToTheNext(t *testing.T) {
	home, proxy := t.TempDir(), t.TempDir()
	env := environ(t, home)
	old, next := source(t, env, filepath.Join(home, "old")), source(t, env, filepath.Join(home, "next"))
	later := nextVersion(t, env, next)
	publish(t, proxy, old, "v0.1.0")
	publish(t, proxy, next, "v0.2.0")

	dir := fresh(t, env, "pg")
	cache := strings.TrimSpace(command{".", env, "go", []string{"env", "GOMODCACHE"}}.run(t))
	offline := append(env, "GOPROXY=file://"+proxy+",file://"+cache+"/cache/download,off", "GOSUMDB=off", "GOFLAGS=-modcacherw", "GOTOOLCHAIN=local",
		"GOMODCACHE="+filepath.Join(home, "modules"))
	if out, err := (command{dir, offline, later, []string{"add", "domain", "billing"}}).try(); err == nil || !strings.Contains(out, "startkit update") {
		t.Errorf("another version adds to it: %v\n%s", err, out)
	}
	out := command{dir, offline, later, []string{"update", "--json"}}.run(t)
	holds(t, dir)
	for path, want := range map[string]string{"Makefile": "## Format all of the code", "README.md": "## Running it", "startkit.mod": "startkit v0.2.0"} {
		b, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), want) {
			t.Errorf("%s does not hold %q\n%s", path, want, out)
		}
	}
	if out := (command{dir, offline, later, []string{"update"}}).run(t); !strings.Contains(out, "wrote     nothing") {
		t.Errorf("the second update changes something: %s", out)
	}
}
