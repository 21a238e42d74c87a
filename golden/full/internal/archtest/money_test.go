package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// moneyNames are what fields with money in them are called.
var moneyNames = regexp.MustCompile(`(?i)(amount|balance|charge|cost|discount|fee|price|refund|subtotal|tax|total|minor)s?$`)

// moneyFloats returns the fields and parameters in Go files that hold money in a float.
func moneyFloats(root fs.FS) (found []string, err error) {
	err = fs.WalkDir(root, "internal", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			field, ok := node.(*ast.Field)
			if !ok || !strings.Contains(string(source[field.Type.Pos()-file.FileStart:field.Type.End()-file.FileStart]), "float") {
				return true
			}
			for _, n := range field.Names {
				if moneyNames.MatchString(n.Name) {
					found = append(found, fmt.Sprintf("%s:%d %s", name, files.Position(n.Pos()).Line, n.Name))
				}
			}
			return true
		})
		return nil
	})
	return found, err
}

func TestNoMoneyIsAFloat(t *testing.T) {
	found, err := moneyFloats(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range found {
		t.Error(breach(field+" is a float", "money adds up exactly, and a float does not", "make it a money.Amount"))
	}
}

func TestMoneyInAFloatIsSeen(t *testing.T) {
	files := fstest.MapFS{"internal/domains/orders/orders.go": file("internal/domains/orders/orders.go", `type order struct {
	TotalPrice float64
	discounts  []*float32
	Weight     float64
	Amount     int64
}

func refund(id string, amount float64) {}`)}
	got, err := moneyFloats(files)
	if err != nil {
		t.Fatal(err)
	}
	at := "internal/domains/orders/orders.go:"
	if diff := cmp.Diff([]string{at + "4 TotalPrice", at + "5 discounts", at + "10 amount"}, got); diff != "" {
		t.Error(diff)
	}
}
