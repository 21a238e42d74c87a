package gomod

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
)

// Imports returns the import paths of a Go file, in its order, as "go mod tidy"
// sees them: under any build tags, so that only a file that wants the tag
// "ignore" has none. Nothing after the imports is read.
func Imports(file []byte) ([]string, error) {
	mode := parser.ImportsOnly
	if bytes.Contains(file, []byte("ignore")) {
		mode |= parser.ParseComments // costs more
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", file, mode)
	if err != nil {
		return nil, fmt.Errorf("read the imports: %w", err)
	}
	if ignored(f) {
		return nil, nil
	}
	var paths []string
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("read the import %s: %w", spec.Path.Value, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// ignored says whether the build constraint of a file excludes it under every
// set of tags. The tag "ignore" is never set; any other may be or not.
func ignored(f *ast.File) bool {
	var plus []constraint.Expr
	for _, group := range f.Comments {
		if group.Pos() > f.Package {
			break
		}
		for _, c := range group.List {
			x, err := constraint.Parse(c.Text)
			switch {
			case err != nil:
			case constraint.IsGoBuild(c.Text):
				return !possible(x, true)
			case group != f.Doc: // the old form must not touch the package clause
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
