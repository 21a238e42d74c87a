package laws

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	modpath "golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/name"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/render"
	"github.com/startkit/startkit/templates"
)

// zebras is a domain with a part of each kind.
var zebras = answers.Domain{Name: "zebras", Entity: "zebra", Plural: "zebras"}

// fullest renders the repository that has everything, and the domain zebras.
func fullest(t *testing.T, d answers.Domain) map[string]*ast.File {
	t.Helper()
	c, err := catalog.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	a := answers.Answers{Version: answers.Version, Name: "shop", Module: "example.com/shop", Stack: c.Together(), Domains: []answers.Domain{d}}
	for _, kind := range []string{answers.Job, answers.Event, answers.Endpoint} {
		a.Parts = append(a.Parts, answers.Part{Kind: kind, Name: "graze", Domain: d.Name})
	}
	p, err := plan.Make(a, c)
	if err != nil {
		t.Fatal(err)
	}
	rendered, err := render.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for file, f := range rendered {
		if path.Ext(file) != ".go" {
			continue
		}
		if files[file], err = parser.ParseFile(token.NewFileSet(), file, f.Data, parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestNoDomainCanTakeANameThatStandsWhereItsPackageIsNamed reads the files in
// which the packages of domains are named, and tries each name that stands
// there as a domain's: another thing of that name would hide the package. In
// the composition root, which grows with each feature, every name counts;
// elsewhere what is declared in reach of the package's name.
func TestNoDomainCanTakeANameThatStandsWhereItsPackageIsNamed(t *testing.T) {
	global := zebras
	global.Global = true
	for _, d := range []answers.Domain{zebras, global} {
		for file, f := range fullest(t, d) {
			mentions := slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return strings.HasSuffix(i.Path.Value, `/domains/zebras"`) })
			var names []string
			switch {
			case path.Dir(file) == "internal/app" && mentions:
				names = slices.Concat(imported(f), used(f))
			case path.Dir(file) == "internal/app":
				names = declared(f)
			case mentions:
				names = slices.Concat(imported(f), declared(f), hiding(f, "zebras"))
			}
			for _, n := range names {
				if word.MatchString(n) && n != "zebras" && name.CheckDomain(answers.Domain{Name: n, Entity: "zebra", Plural: "zebras"}) == nil {
					t.Errorf("a domain may be called %s, which %s uses", n, file)
				}
			}
		}
	}
}

var word = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// imported are the names of a file's imports.
func imported(f *ast.File) []string {
	var names []string
	for _, i := range f.Imports {
		prefix, _, _ := modpath.SplitPathVersion(strings.Trim(i.Path.Value, `"`))
		names = append(names, path.Base(prefix))
	}
	return names
}

// declared are the names that a file declares for its whole package.
func declared(f *ast.File) []string {
	var names []string
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			names = append(names, bound(d)...)
		}
	}
	return names
}

// used are all names in a file.
func used(n ast.Node) []string {
	var names []string
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

// hiding are the names that functions declare which also name the package.
func hiding(f *ast.File, pkg string) []string {
	var names []string
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && slices.Contains(used(fn), pkg) {
			names = append(names, bound(fn)...)
		}
	}
	return names
}

// bound are the variables, constants, types and parameters that are declared
// within a node.
func bound(n ast.Node) []string {
	var ids []*ast.Ident
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if id, ok := e.(*ast.Ident); ok && n.Tok == token.DEFINE {
					ids = append(ids, id)
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if id, ok := e.(*ast.Ident); ok {
					ids = append(ids, id)
				}
			}
		case *ast.ValueSpec:
			ids = append(ids, n.Names...)
		case *ast.TypeSpec:
			ids = append(ids, n.Name)
		case *ast.FuncType:
			for _, list := range []*ast.FieldList{n.Params, n.Results} {
				if list == nil {
					continue
				}
				for _, field := range list.List {
					ids = append(ids, field.Names...)
				}
			}
		}
		return true
	})
	var names []string
	for _, id := range ids {
		names = append(names, id.Name)
	}
	return names
}

// TestNoEntityCanTakeTheNameOfWhatReadyMadeDomainsShow tries each type of the
// ready-made domains that is written as JSON as an entity: two operations of the
// API would have one name, and so would two things that clients see.
func TestNoEntityCanTakeTheNameOfWhatReadyMadeDomainsShow(t *testing.T) {
	for file, f := range fullest(t, zebras) {
		if !strings.HasPrefix(file, "internal/domains/") || path.Dir(file) == "internal/domains/zebras" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() || !written(spec) {
				return true
			}
			entity := strings.ToLower(spec.Name.Name)
			if name.CheckEntity(answers.Domain{Name: "zoo", Entity: entity, Plural: entity + "_list"}) == nil {
				t.Errorf("an entity may be called %s, which %s shows", entity, file)
			}
			return true
		})
	}
}

// written says whether a type is a struct of one word that is written as JSON.
// Two words are an event, such as MemberLeft.
func written(spec *ast.TypeSpec) bool {
	s, ok := spec.Type.(*ast.StructType)
	return ok && strings.ToLower(spec.Name.Name[1:]) == spec.Name.Name[1:] && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
		return f.Tag != nil && strings.Contains(f.Tag.Value, "json:")
	})
}

// TestTheColumnsThatReadAsPersonalDataAreThoseThatTheRepositoryAsksAbout holds
// what startkit notes against the test that would fail otherwise.
func TestTheColumnsThatReadAsPersonalDataAreThoseThatTheRepositoryAsksAbout(t *testing.T) {
	const file = "security/privacy/files/internal/app/privacy_test.go.tmpl"
	asked, err := fs.ReadFile(templates.FS, file)
	if err != nil {
		t.Fatal(err)
	}
	noted, err := os.ReadFile("../name/part.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("MustCompile\\(`([^`]*e\\?mail[^`]*)`")
	a, n := names.FindSubmatch(asked), names.FindSubmatch(noted)
	if a == nil || n == nil || string(a[1]) != string(n[1]) {
		t.Errorf("%s asks about %q, and startkit notes %q", file, a, n)
	}
}
