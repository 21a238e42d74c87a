package render_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/render"
	"github.com/startkit/startkit/internal/tree"
	"github.com/startkit/startkit/templates"
)

var update = flag.Bool("update", false, "write golden/ anew")

const golden = "../../golden"

var load = sync.OnceValues(func() (*catalog.Catalog, error) { return catalog.Load(templates.FS) })

func shipped(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func renderShipped(t testing.TB, a answers.Answers) tree.Tree {
	t.Helper()
	p, err := plan.Make(a, shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	out, err := render.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// read reads a golden repository; what its owner's tools leave there is not
// part of it.
func read(t *testing.T, dir string) tree.Tree {
	t.Helper()
	out := tree.Tree{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = tree.File{Data: b, Exec: info.Mode()&0o100 != 0}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// plainTree leaves of a tree what a disk can hold, as text for a readable diff.
func plainTree(t tree.Tree) map[string]string {
	out := map[string]string{}
	for p, f := range t {
		if f.Exec {
			p += " (executable)"
		}
		out[p] = string(f.Data)
	}
	return out
}

func TestGoldenRepositoriesAreWhatTheirAnswersRender(t *testing.T) {
	dirs, err := filepath.Glob(golden + "/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no golden repositories: %v", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			file := filepath.Join(dir, answers.File)
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a, err := plan.Parse(file, b)
			if err != nil {
				t.Fatal(err)
			}
			got := renderShipped(t, a)
			if *update {
				write(t, dir, got)
			}
			if diff := cmp.Diff(plainTree(read(t, dir)), plainTree(got)); diff != "" {
				t.Errorf("golden differs (-golden +rendered); if it is meant so, make golden\n%s", diff)
			}
		})
	}
}

// write replaces a golden repository.
func write(t *testing.T, dir string, files tree.Tree) {
	t.Helper()
	if !strings.HasPrefix(dir, golden+"/") {
		t.Fatalf("%s is no golden repository", dir)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for p, f := range files {
		to := filepath.Join(dir, p)
		mode := fs.FileMode(0o644)
		if f.Exec {
			mode = 0o755
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, mode); err != nil {
			t.Fatal(err)
		}
	}
}
