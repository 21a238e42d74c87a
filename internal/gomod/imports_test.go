package gomod

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestImportsAreThoseThatTidySees(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"none":             {"package a\n", nil},
		"one":              {"package a\nimport \"fmt\"\nvar x = y\n", []string{"fmt"}},
		"named and blank":  {"package a\nimport (\n\t_ \"b\"\n\tc \"d/e\" // why\n\t. `f`\n)\n", []string{"b", "d/e", "f"}},
		"several clauses":  {"package a\nimport \"b\"\nimport \"a\"\nimport \"b\"\n", []string{"b", "a", "b"}},
		"cgo":              {"package a\n// #include <x.h>\nimport \"C\"\n", []string{"C"}},
		"broken below":     {"package a\nimport \"b\"\nfunc {{{\n", []string{"b"}},
		"tag":              {"//go:build integration && !linux\n\npackage a\nimport \"b\"\n", []string{"b"}},
		"ignored":          {"//go:build ignore\n\npackage main\nimport \"b\"\n", nil},
		"ignored or not":   {"//go:build ignore || tools\n\npackage main\nimport \"b\"\n", []string{"b"}},
		"ignored and more": {"// Copyright.\n\n//go:build ignore && linux\n\n// Doc.\npackage main\nimport \"b\"\n", nil},
		"not and not":      {"//go:build !linux && !ignore\n\npackage main\nimport \"b\"\n", []string{"b"}},
		"not ignored":      {"//go:build !ignore\n\npackage main\nimport \"b\"\n", []string{"b"}},
		"old form":         {"// +build ignore\n\npackage main\nimport \"b\"\n", nil},
		"old form as doc":  {"// +build ignore\npackage main\nimport \"b\"\n", []string{"b"}},
		"word ignore":      {"// We ignore it.\npackage a\nimport \"b\"\n", []string{"b"}},
		"below the clause": {"package a\n\n//go:build ignore\n\nimport \"b\"\n", []string{"b"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Imports([]byte(c.file))
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("err %v, (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestImportsNeedsAPackageClause(t *testing.T) {
	for _, file := range []string{"", "import \"a\"\n", "package a\nimport a b\n"} {
		if got, err := Imports([]byte(file)); err == nil {
			t.Errorf("%q: got %v and no error", file, got)
		}
	}
}

func BenchmarkImports(b *testing.B) {
	file, err := os.ReadFile("merge.go")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Imports(file); err != nil {
			b.Fatal(err)
		}
	}
}
