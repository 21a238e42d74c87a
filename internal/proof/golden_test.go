package proof

import (
	"os"
	"path/filepath"
	"testing"
)

// checks are what the owner of a repository runs before a commit, and which
// then prints nothing. The linter stands in checkers_test.go.
var checks = []struct {
	name    string
	command []string
}{
	{"gofmt", []string{"gofmt", "-l", "."}},
	{"vet", []string{"go", "vet", "./..."}},
	{"tidy", []string{"go", "mod", "tidy", "-diff"}},
}

// look runs the checks.
func look(t *testing.T, repository string, env []string) {
	t.Helper()
	for _, c := range checks {
		if out := (command{repository, env, c.command[0], c.command[1:]}).run(t); out != "" {
			t.Errorf("%s: %s", c.name, out)
		}
	}
}

// TestGoldenRepositoriesPassTheirOwnTests runs the checks and the tests of each
// golden repository on the Postgres and Redis that it finds by itself.
func TestGoldenRepositoriesPassTheirOwnTests(t *testing.T) {
	dirs, err := filepath.Glob("../../golden/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no golden repositories: %v", err)
	}
	env := environ(t, t.TempDir())
	for _, golden := range dirs {
		t.Run(filepath.Base(golden), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "repository")
			if err := os.CopyFS(dir, os.DirFS(golden)); err != nil {
				t.Fatal(err)
			}
			// What vet compiles the tests use again: no file is for one of both alone.
			look(t, dir, append(env, "GOFLAGS=-trimpath -race"))
			command{dir, env, "go", []string{"test", "-race", "./..."}}.run(t)
		})
	}
}
