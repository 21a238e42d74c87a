package change

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/doc"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/tree"
)

// Declared returns a name that a Go file declares and another file of its
// package does too, and where, as path:line. Only one of the two would build.
// Files with a build constraint may stand in for each other and do not count.
func Declared(files tree.Tree, at string) (name, where string) {
	of := namesOf(files[at].Data)
	for _, p := range files.Paths() {
		other := namesOf(files[p].Data)
		if p == at || other.pkg != of.pkg || other.constrained {
			continue
		}
		for _, name := range of.order() {
			if line, ok := other.top[name]; ok && name != "init" {
				return strings.TrimPrefix(name, "Service."), fmt.Sprintf("%s:%d", p, line)
			}
		}
	}
	return "", ""
}

// Undeclared returns the names that a Go file uses and that no file of its
// package declares, in order.
func Undeclared(files tree.Tree, at string) []string {
	of := namesOf(files[at].Data)
	known := map[string]bool{}
	for _, f := range files {
		if other := namesOf(f.Data); other.pkg == of.pkg {
			for name := range other.top { // those of members have a dot, and hurt nobody
				known[name] = true
			}
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(of.uses), func(name string) bool { return known[name] || doc.IsPredeclared(name) })
	slices.Sort(unknown)
	return slices.Compact(unknown)
}

// Declares says whether one of some Go files declares a name.
func Declares(files tree.Tree, name string) bool {
	for p, f := range files {
		if _, ok := namesOf(f.Data).top[name]; ok && strings.HasSuffix(p, ".go") {
			return true
		}
	}
	return false
}

// goNames is what a Go file declares, with the lines, and what it uses of others.
type goNames struct {
	pkg         string
	top         map[string]int
	uses        []string
	constrained bool
}

func (n goNames) order() []string {
	var list []string
	for name := range n.top {
		list = append(list, name)
	}
	slices.SortFunc(list, func(a, b string) int { return n.top[a] - n.top[b] })
	return list
}

// namesOf reads a Go file; of one that does not parse nothing is known.
func namesOf(data []byte) goNames {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, "", data, parser.ParseComments)
	if err != nil {
		return goNames{}
	}
	d := declarations{set: set, top: map[string]int{}}
	for _, decl := range f.Decls {
		d.declare(decl)
		if g, ok := decl.(*ast.GenDecl); ok {
			d.members(g)
		}
	}
	n := goNames{pkg: f.Name.Name, top: d.top, constrained: constrained(f)}
	for name := range n.top {
		n.top[name] += 2 // declarations count from below a package clause
	}
	imported := map[string]bool{}
	for _, spec := range f.Imports {
		imported[importName(spec)] = true
	}
	for _, id := range f.Unresolved {
		if !imported[id.Name] {
			n.uses = append(n.uses, id.Name)
		}
	}
	return n
}

// members notes the fields of structs: no method may be called like one.
func (d *declarations) members(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		t, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		if s, ok := t.Type.(*ast.StructType); ok {
			for _, field := range s.Fields.List {
				for _, id := range field.Names {
					d.see(d.top, t.Name.Name+"."+id.Name, id.Pos())
				}
			}
		}
	}
}

// importName is the name by which a file knows a package.
func importName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	p, _ := strconv.Unquote(spec.Path.Value) // the parser has done it
	if prefix, _, ok := module.SplitPathVersion(p); ok {
		p = prefix
	}
	return path.Base(p)
}

func constrained(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Pos() < f.Package && constraint.IsGoBuild(c.Text) {
				return true
			}
		}
	}
	return false
}
