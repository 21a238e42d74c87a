package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod"
)

// scan returns what the Go files of a folder import, tests apart, the way
// "go mod tidy" looks at it: under any build tags but "ignore". Packages of
// the standard library are left out.
func scan(dir string) (imports, tests []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || !strings.HasSuffix(name, ".go") || name[0] == '_' || name[0] == '.' {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, nil, err
		}
		paths, err := gomod.Imports(data)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
		}
		paths = slices.DeleteFunc(paths, func(path string) bool { return !modular(path) })
		if strings.HasSuffix(name, "_test.go") {
			tests = append(tests, paths...)
		} else {
			imports = append(imports, paths...)
		}
	}
	return compact(imports), compact(tests), nil
}

func compact(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// modular says whether an import path can belong to a module: its first
// element holds a dot.
func modular(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".") && module.CheckImportPath(path) == nil
}
