package gomod

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository is a module in a folder of its own that imports some packages and
// does nothing with them.
type repository struct {
	dir     string
	imports []string
}

const ownPath = "example.com/own"

func newRepository(t *testing.T, imports []string) repository {
	t.Helper()
	r := repository{t.TempDir(), imports}
	r.setImports(t, imports)
	return r
}

// setImports writes the Go files anew: the first half of the packages is
// imported by the program, the rest by its test.
func (r *repository) setImports(t *testing.T, imports []string) {
	t.Helper()
	r.imports = imports
	half := (len(imports) + 1) / 2
	r.file(t, "own.go", blank(imports[:half]))
	r.file(t, "own_test.go", blank(imports[half:]))
}

func blank(imports []string) []byte {
	var b strings.Builder
	b.WriteString("package own\n")
	for _, path := range imports {
		fmt.Fprintf(&b, "import _ %q\n", path)
	}
	return []byte(b.String())
}

func (r *repository) file(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func (r *repository) read(t *testing.T) Files {
	t.Helper()
	mod, err := os.ReadFile(filepath.Join(r.dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(r.dir, "go.sum"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return Files{Mod: mod, Sum: sum}
}

func (r *repository) write(t *testing.T, f Files) {
	t.Helper()
	r.file(t, "go.mod", f.Mod)
	if len(f.Sum) > 0 {
		r.file(t, "go.sum", f.Sum)
	}
}

func (r *repository) solve(t *testing.T) Files {
	t.Helper()
	f, err := Solve(Module{Path: ownPath, Imports: r.imports})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// tidyDiff returns what "go mod tidy" would change.
func (r *repository) tidyDiff(t *testing.T) string {
	t.Helper()
	// Not its standard error: on a fresh machine it says there what it downloads.
	out, err := r.goCommand("mod", "tidy", "-diff").Output()
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	return string(out)
}

func (r *repository) goCommand(args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	return cmd
}

// run runs the go command and fails the test if it fails.
func (r *repository) run(t *testing.T, args ...string) {
	t.Helper()
	if out, err := r.goCommand(args...).CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
