package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// contracts returns what is wrong with the events: each has its type as a literal, by which one finds all who publish it and all
// who listen, and its form in the testdata of the domain, or the package of the platform, whose name it begins with.
func contracts(root fs.FS) (wrong []string, err error) {
	err = fs.WalkDir(root, "internal", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "EventType" {
				if fault := contractOf(root, f); fault != "" {
					wrong = append(wrong, fmt.Sprintf("%s: %s", fset.Position(f.Pos()), fault))
				}
			}
		}
		return nil
	})
	return wrong, err
}

// contractOf returns what is wrong with the event that has this method.
func contractOf(root fs.FS, method *ast.FuncDecl) string {
	const literal = "the type of an event is a literal: return \"domain.entity_verb.v1\""
	if len(method.Body.List) != 1 {
		return literal
	}
	result, ok := method.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(result.Results) != 1 {
		return literal
	}
	text, ok := result.Results[0].(*ast.BasicLit)
	if !ok {
		return literal
	}
	kind, err := strconv.Unquote(text.Value)
	if err != nil {
		return literal
	}
	owner, _, _ := strings.Cut(kind, ".")
	form := owner + "/testdata/" + kind + ".json"
	_, ofDomain := fs.Stat(root, "internal/domains/"+form)
	if _, ofPlatform := fs.Stat(root, "internal/platform/"+form); ofDomain != nil && ofPlatform != nil {
		return "no " + form + ": give eventstest.Contract a sample, and run go test -update-events"
	}
	return ""
}

func TestEveryEventHasAForm(t *testing.T) {
	wrong, err := contracts(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

func TestAnEventWithoutAFormIsSeen(t *testing.T) {
	shop, _ := shop()
	shop["internal/domains/orders/testdata/orders.order_paid.v1.json"] = &fstest.MapFile{Data: []byte("{}")}
	shop["internal/platform/moon/testdata/moon.moon_rose.v1.json"] = &fstest.MapFile{Data: []byte("{}")}
	shop["internal/platform/moon/moon.go"] = file("internal/platform/moon/moon.go", `type rose struct{}

func (rose) EventType() string { return "moon.moon_rose.v1" }

type fell struct{}

func (fell) EventType() string { return "moon.moon_fell.v1" }`)
	shop["internal/domains/orders/events.go"] = file("internal/domains/orders/events.go", `type paid struct{}

func (paid) EventType() string { return "orders.order_paid.v1" }

type lost struct{}

func (lost) EventType() string { return "orders.order_lost.v1" }

type any struct{ kind string }

func (a any) EventType() string { return a.kind }`)
	got, err := contracts(shop)
	want := []string{
		"internal/domains/orders/events.go:9:1: no orders/testdata/orders.order_lost.v1.json: " +
			"give eventstest.Contract a sample, and run go test -update-events",
		`internal/domains/orders/events.go:13:1: the type of an event is a literal: return "domain.entity_verb.v1"`,
		"internal/platform/moon/moon.go:9:1: no moon/testdata/moon.moon_fell.v1.json: " +
			"give eventstest.Contract a sample, and run go test -update-events",
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, contracts (-want +got):\n%s", err, diff)
	}
}
