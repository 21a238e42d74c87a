package main

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"
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
		// A file that does not parse still has the imports above its error.
		f, _ := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.ImportsOnly|parser.ParseComments)
		if f == nil || ignored(f) {
			continue
		}
		list := &imports
		if strings.HasSuffix(name, "_test.go") {
			list = &tests
		}
		for _, spec := range f.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil && foreign(path) {
				*list = append(*list, path)
			}
		}
	}
	return compact(imports), compact(tests), nil
}

func compact(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// foreign says whether an import path can belong to a module: its first
// element holds a dot.
func foreign(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".") && module.CheckImportPath(path) == nil
}

// ignored says whether the build constraint of a file excludes it under every
// set of tags. Only the tag "ignore" is never set; any other may be or not.
func ignored(f *ast.File) bool {
	var plus []constraint.Expr
	for _, group := range f.Comments {
		if group.Pos() > f.Package {
			break
		}
		for _, c := range group.List {
			x, err := constraint.Parse(c.Text)
			if err != nil {
				continue
			}
			if constraint.IsGoBuild(c.Text) {
				return !possible(x, true)
			}
			if group != f.Doc {
				plus = append(plus, x)
			}
		}
	}
	return slices.ContainsFunc(plus, func(x constraint.Expr) bool { return !possible(x, true) })
}

// possible is eval of cmd/go/internal/imports under AnyTags: a tag has
// whatever value is preferred.
func possible(x constraint.Expr, prefer bool) bool {
	switch x := x.(type) {
	case *constraint.TagExpr:
		return x.Tag != "ignore" && prefer
	case *constraint.NotExpr:
		return !possible(x.X, !prefer)
	case *constraint.AndExpr:
		return possible(x.X, prefer) && possible(x.Y, prefer)
	case *constraint.OrExpr:
		return possible(x.X, prefer) || possible(x.Y, prefer)
	}
	return false
}
