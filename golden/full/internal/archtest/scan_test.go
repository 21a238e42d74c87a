package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// use is one place where a file uses a package.
type use struct {
	file string
	line int

	// pkg is what is used, as imported; for a package of this repository, its folder.
	pkg string

	// name is what of the package is used there; it is empty where the package is imported.
	name string
}

func (u use) String() string {
	if u.name != "" {
		return fmt.Sprintf("%s:%d uses %s.%s", u.file, u.line, base(u.pkg), u.name)
	}
	return fmt.Sprintf("%s:%d imports %s", u.file, u.line, u.pkg)
}

// in says whether the file lies in the folder.
func (u use) in(folder string) bool {
	return strings.HasPrefix(u.file, folder+"/")
}

// of says whether the package is folder, or lies in it.
func (u use) of(folder string) bool {
	return u.pkg == folder || strings.HasPrefix(u.pkg, folder+"/")
}

// test says whether the file is a test.
func (u use) test() bool {
	return strings.HasSuffix(u.file, "_test.go")
}

// domainOf returns the domain that a folder or file belongs to, or "".
func domainOf(name string) string {
	rest, ok := strings.CutPrefix(name, "internal/domains/")
	if !ok {
		return ""
	}
	domain, _, _ := strings.Cut(rest, "/")
	return domain
}

// scan returns every use of a package in the repository at root.
func scan(root fs.FS) ([]use, error) {
	module, err := moduleOf(root)
	if err != nil {
		return nil, err
	}
	var found []use
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && ignored(entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		uses, err := usesOf(name, source, module)
		found = append(found, uses...)
		return err
	})
	return found, err
}

// ignored are folders without Go code of ours.
func ignored(folder string) bool {
	return strings.HasPrefix(folder, ".") || slices.Contains([]string{"bin", "node_modules", "testdata", "web"}, folder)
}

// moduleOf reads the path of the module from go.mod.
func moduleOf(root fs.FS) (string, error) {
	text, err := fs.ReadFile(root, "go.mod")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if module, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(module), nil
		}
	}
	return "", fmt.Errorf("go.mod names no module")
}

// usesOf returns the packages that one file imports, and what it uses of each.
func usesOf(name string, source []byte, module string) ([]use, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, source, 0)
	if err != nil {
		return nil, err
	}
	found := []use{{file: name, line: 1, pkg: path.Dir(name)}} // its own package, which it may be alone to tell of
	imports := make(map[string]string)
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		pkg := strings.TrimPrefix(imported, module+"/")
		imports[localName(spec, pkg)] = pkg
		found = append(found, use{file: name, line: fset.Position(spec.Pos()).Line, pkg: pkg})
	}
	ast.Inspect(file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := selector.X.(*ast.Ident); ok && imports[of.Name] != "" {
			line := fset.Position(selector.Pos()).Line
			found = append(found, use{file: name, line: line, pkg: imports[of.Name], name: selector.Sel.Name})
		}
		return true
	})
	return found, nil
}

// localName is what a file calls an imported package.
func localName(spec *ast.ImportSpec, pkg string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return base(pkg)
}

// base is the name of a package, as far as its path tells: .../huma/v2 is huma.
func base(pkg string) string {
	last := path.Base(pkg)
	if version, ok := strings.CutPrefix(last, "v"); ok && strings.Trim(version, "0123456789") == "" {
		return path.Base(path.Dir(pkg))
	}
	return last
}
