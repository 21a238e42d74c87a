package laws

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sources returns the Go files of the tool, without tests.
func sources(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, root := range []string{"../../cmd", "../../internal", "../../templates"} {
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && (d.Name() == "testdata" || d.Name() == "catalogue") {
				return fs.SkipDir
			}
			if err == nil && d.Type().IsRegular() && strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go") {
				list = append(list, p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// size is how long something is, and where it stands.
type size struct {
	lines int
	where string
}

// checkSizes holds the limits of a list of sizes.
func checkSizes(t *testing.T, what string, list []size, median, most int) {
	t.Helper()
	slices.SortFunc(list, func(a, b size) int { return a.lines - b.lines })
	for _, s := range list {
		if s.lines > most {
			t.Errorf("%s: %d lines; a %s has %d at most", s.where, s.lines, what, most)
		}
	}
	if m := list[len(list)/2]; m.lines > median {
		t.Errorf("the median %s has %d lines; %d at most", what, m.lines, median)
	}
}

func TestFilesAndFunctionsAreSmall(t *testing.T) {
	checkFiles(t, sources(t), 4)
}

// checkFiles holds the limits of files, and of functions and their arguments.
func checkFiles(t *testing.T, list []string, arguments int) {
	t.Helper()
	var files, funcs []size
	for _, p := range list {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, size{fset.Position(f.End()).Line, p})
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			from, to := fset.Position(fn.Body.Lbrace), fset.Position(fn.Body.Rbrace)
			funcs = append(funcs, size{max(to.Line-from.Line-1, 1), from.String()})
			if n := fn.Type.Params.NumFields(); n > arguments {
				t.Errorf("%s: %d arguments; %d at most", from, n, arguments)
			}
		}
	}
	checkSizes(t, "file", files, 90, 300)
	checkSizes(t, "function", funcs, 12, 60)
}

func TestOnlyOneConstantNamesTheTool(t *testing.T) {
	for _, p := range sources(t) {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for n, l := range strings.Split(string(b), "\n") {
			isImport := strings.HasPrefix(strings.TrimSpace(l), `"`) || strings.HasPrefix(l, "import ")
			if strings.Contains(l, "github.com/startkit/") && !isImport && !strings.HasSuffix(p, "answers/answers.go") {
				t.Errorf("%s:%d names the tool's module path; use answers.Tool", p, n+1)
			}
		}
	}
}
