package proof

import (
	"os"
	"path/filepath"
	"testing"
)

// checks are what the owner of a repository runs before a commit. The linter
// stands in checkers_test.go.
var checks = []struct {
	name    string
	command []string
	silent  bool // it must print nothing
}{
	{"gofmt", []string{"gofmt", "-l", "."}, true},
	{"vet", []string{"go", "vet", "./..."}, true},
	{"tidy", []string{"go", "mod", "tidy", "-diff"}, true},
	{"test", []string{"go", "test", "-race", "./..."}, false},
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
			for _, c := range checks {
				out := command{dir, env, c.command[0], c.command[1:]}.run(t)
				if c.silent && out != "" {
					t.Errorf("%s: %s", c.name, out)
				}
			}
		})
	}
}
