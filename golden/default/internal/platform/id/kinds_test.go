package id

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"testing"
)

func TestIDsOfTwoKindsAreNotInterchangeable(t *testing.T) {
	for declaration, want := range map[string]bool{
		"var _ ID[orders] = order":         true,
		"var _ ID[customers] = order":      false,
		"var _ = ID[customers](order)":     false,
		"var _ = order == ID[customers]{}": false,
	} {
		if err := compile(t, declaration); (err == nil) != want {
			t.Errorf("%s compiles: %v, want %v (%v)", declaration, err == nil, want, err)
		}
	}
}

// compile returns the first error that the compiler finds in a file of this package that has two kinds, one variable of
// the first kind, and declaration.
func compile(t *testing.T, declaration string) error {
	t.Helper()
	const text = `package id

type orders struct{}

func (orders) Prefix() string { return "order" }

type customers struct{}

func (customers) Prefix() string { return "customer" }

var order ID[orders]

`
	fset := token.NewFileSet()
	var files []*ast.File
	for name, source := range map[string]any{"id.go": nil, "uuid.go": nil, "planted.go": text + declaration} {
		file, err := parser.ParseFile(fset, name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	var found error
	config := types.Config{
		// The bodies of functions are left out, so nothing that they use has to be known.
		IgnoreFuncBodies: true,
		Importer:         empty{},
		Error: func(err error) {
			if err := err.(types.Error); fset.Position(err.Pos).Filename == "planted.go" && found == nil {
				found = err
			}
		},
	}
	_, _ = config.Check("id", fset, files, nil) // the error is the first of any file; ours is found
	return found
}

// empty imports every package as one without contents.
type empty struct{}

func (empty) Import(pkg string) (*types.Package, error) {
	p := types.NewPackage(pkg, path.Base(pkg))
	p.MarkComplete()
	return p, nil
}
