package laws

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/name"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/render"
	"github.com/startkit/startkit/templates"
)

// TestNoDomainCanTakeANameOfTheCompositionRoot reads the files in which the
// packages of domains are named, and tries each name that stands there as a
// domain's: another thing of that name would hide the package.
func TestNoDomainCanTakeANameOfTheCompositionRoot(t *testing.T) {
	c, err := catalog.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(answers.Answers{Version: answers.Version, Name: "shop", Module: "example.com/shop", Stack: c.Together(),
		Domains: []answers.Domain{{Name: "zebras", Entity: "zebra", Plural: "zebras"}}}, c)
	if err != nil {
		t.Fatal(err)
	}
	files, err := render.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	for file, f := range files {
		if path.Dir(file) != "internal/app" {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, f.Data, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		mentions := strings.Contains(string(f.Data), "domains/zebras")
		top := map[*ast.Ident]bool{}
		for _, d := range parsed.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				top[fn.Name] = true
			}
			if g, ok := d.(*ast.GenDecl); ok {
				for _, spec := range g.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok {
						top[ts.Name] = true
					}
					if vs, ok := spec.(*ast.ValueSpec); ok {
						top[vs.Names[0]] = true
					}
				}
			}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if ok && (mentions || top[id]) && word.MatchString(id.Name) && id.Name != "zebras" {
				if name.CheckDomain(answers.Domain{Name: id.Name, Entity: "zebra", Plural: "zebras"}) == nil {
					t.Errorf("a domain may be called %s, which %s uses", id.Name, file)
				}
			}
			return true
		})
	}
}
