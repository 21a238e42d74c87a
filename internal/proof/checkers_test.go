package proof

import (
	"os"
	"path/filepath"
	"testing"
)

// The checkers, at the versions that their owners' Makefile pins too.
const (
	golangci    = "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0"
	actionlint  = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
	govulncheck = "golang.org/x/vuln/cmd/govulncheck@v1.9.0"
)

// tool builds a program into the folder once and returns its path.
func tool(t *testing.T, dir, pkg, name string) string {
	t.Helper()
	bin := filepath.Join(dir, name)
	if _, err := os.Stat(bin); err == nil {
		return bin
	}
	command{".", append(os.Environ(), "GOBIN="+dir), "go", []string{"install", pkg}}.run(t)
	return bin
}

// TestCheckersFindNothingInGoldenRepositories runs what reads the files of a
// repository over each golden one: its linter with its own configuration, the
// loader of compose files, BuildKit's linter, actionlint, and govulncheck on a
// snapshot of its database.
func TestCheckersFindNothingInGoldenRepositories(t *testing.T) {
	bin := t.TempDir()
	env := environ(t, t.TempDir())
	checkers := filepath.Join(bin, "checkers")
	command{"checkers", os.Environ(), "go", []string{"build", "-o", checkers, "."}}.run(t)
	db, err := filepath.Abs("testdata/vulndb")
	if err != nil {
		t.Fatal(err)
	}
	list := []struct {
		name string
		args []string
	}{
		{checkers, []string{"compose", "compose.yaml"}},
		{checkers, []string{"dockerfile", "Dockerfile"}},
		{tool(t, bin, actionlint, "actionlint"), []string{"-shellcheck=", ".github/workflows/ci.yml"}},
		{tool(t, bin, govulncheck, "govulncheck"), []string{"-db", "file://" + db, "./..."}},
		{tool(t, bin, golangci, "golangci-lint"), []string{"run", "./..."}},
	}
	dirs, err := filepath.Glob("../../golden/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no golden repositories: %v", err)
	}
	for _, golden := range dirs {
		dir := filepath.Join(t.TempDir(), "repository")
		if err := os.CopyFS(dir, os.DirFS(golden)); err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			t.Run(filepath.Base(golden)+"/"+filepath.Base(c.name)+"_"+c.args[0], func(t *testing.T) {
				command{dir, env, c.name, c.args}.run(t)
			})
		}
	}
}
