package change

import (
	"go/ast"
	"go/parser"
	"go/token"
)

const clause = "package p\n"

// goText is what the line merge knows of a Go file that cannot be cut.
var goText = grammar{
	rank: indent,
	name: rowName,
	valid: func(whole text) bool {
		_, err := parser.ParseFile(token.NewFileSet(), "", plainText(whole), parser.SkipObjectResolution)
		return err == nil
	},
}

// parses says whether the part of a Go file below its imports parses.
func parses(body text) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", clause+string(plainText(body)), parser.SkipObjectResolution)
	return err == nil
}

// twiceDeclared returns the lines that declare the same name in a Go file: two
// functions, two fields of a struct, two keys of a literal. Such a file parses,
// but it does not build.
func twiceDeclared(body text) [][2]int {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, "", clause+string(plainText(body)), parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	d := declarations{set: set, top: map[string]int{}}
	for _, decl := range f.Decls {
		d.declare(decl)
	}
	ast.Inspect(f, d.inspect)
	return d.pairs
}

type declarations struct {
	set   *token.FileSet
	top   map[string]int
	pairs [][2]int
}

// see notes a name in its scope.
func (d *declarations) see(scope map[string]int, name string, at token.Pos) {
	line := d.set.Position(at).Line - 2
	if first, ok := scope[name]; ok && name != "_" {
		d.pairs = append(d.pairs, [2]int{first, line})
		return
	}
	scope[name] = line
}

func (d *declarations) declare(decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		name := decl.Name.Name
		if decl.Recv != nil && len(decl.Recv.List) > 0 {
			name = receiver(decl.Recv.List[0].Type) + "." + name
		}
		if name != "init" {
			d.see(d.top, name, decl.Pos())
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				d.see(d.top, spec.Name.Name, spec.Pos())
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					d.see(d.top, name.Name, name.Pos())
				}
			}
		}
	}
}

func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return "?"
}

// inspect notes the fields of structs, the methods of interfaces and the keys
// of literals.
func (d *declarations) inspect(n ast.Node) bool {
	scope := map[string]int{}
	switch n := n.(type) {
	case *ast.StructType:
		d.fields(scope, n.Fields)
	case *ast.InterfaceType:
		d.fields(scope, n.Methods)
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				switch key := pair.Key.(type) {
				case *ast.Ident:
					d.see(scope, key.Name, key.Pos())
				case *ast.BasicLit:
					d.see(scope, key.Value, key.Pos())
				}
			}
		}
	}
	return true
}

func (d *declarations) fields(scope map[string]int, list *ast.FieldList) {
	for _, field := range list.List {
		for _, name := range field.Names {
			d.see(scope, name.Name, name.Pos())
		}
	}
}
