package laws

import (
	"encoding/json"
	"fmt"
	"go/scanner"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a repository of the default stack may hold at most: a founder reads all
// of it on the first day.
const (
	mostLines   = 8133
	mostModules = 20
)

// goIn runs the go command in the golden repository of the default stack and
// decodes the JSON values that it prints.
func goIn[T any](t *testing.T, args ...string) (list []T) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = "../../golden/default"
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %v: %v", args, err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var one T
		if err := dec.Decode(&one); err != nil {
			t.Fatal(err)
		}
		list = append(list, one)
	}
	return list
}

// shipped returns the Go files that the program of the default stack is built
// of, without those of other modules, by package.
func shipped(t *testing.T) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	for _, p := range goIn[struct {
		ImportPath, Dir string
		GoFiles         []string
		Module          *struct{ Main bool }
	}](t, "list", "-deps", "-json=ImportPath,Dir,GoFiles,Module", "./cmd/myapp") {
		if p.Module == nil || !p.Module.Main {
			continue
		}
		for _, name := range p.GoFiles {
			files[p.ImportPath] = append(files[p.ImportPath], filepath.Join(p.Dir, name))
		}
	}
	return files
}

// codeLines counts the lines on which code stands: none that is blank, also in
// a text of several lines, and none that holds but a comment.
func codeLines(src []byte) int {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	s.Init(file, src, nil, 0)
	lines := map[int]bool{}
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return len(lines)
		}
		if tok == token.SEMICOLON && text == "\n" {
			continue
		}
		for i, line := range strings.Split(text, "\n") {
			if strings.TrimSpace(line) != "" || !strings.Contains(text, "\n") {
				lines[file.Line(pos)+i] = true
			}
		}
	}
}

func TestTheDefaultStackKeepsToItsBudget(t *testing.T) {
	lines, sum := map[string]int{}, 0
	for pkg, files := range shipped(t) {
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			n := codeLines(src)
			lines[pkg] += n
			sum += n
		}
	}
	if sum < mostLines/2 {
		t.Errorf("%d lines are seen: this test looks past the program", sum)
	}
	if sum > mostLines {
		var table strings.Builder
		for _, pkg := range slices.Sorted(maps.Keys(lines)) {
			fmt.Fprintf(&table, "%6d  %s\n", lines[pkg], pkg)
		}
		t.Errorf("the default stack has %d lines of Go; %d at most\n%s", sum, mostLines, table.String())
	}

	type module struct {
		Path     string
		Indirect bool
	}
	var direct []string
	for _, m := range goIn[struct{ Require []module }](t, "mod", "edit", "-json")[0].Require {
		if !m.Indirect {
			direct = append(direct, m.Path)
		}
	}
	if len(direct) == 0 || len(direct) > mostModules {
		t.Errorf("the default stack requires %d modules; %d at most: %s", len(direct), mostModules, strings.Join(direct, " "))
	}
}

func TestTheDefaultStackIsReadInSmallPieces(t *testing.T) {
	var files []string
	for _, list := range shipped(t) {
		files = append(files, list...)
	}
	checkFiles(t, files, 7)
}

func TestALineOfCodeIsWhatStandsThere(t *testing.T) {
	const src = `// Package p is none.
package p

/* one
two */ var a = 1 // code

const text = ` + "`select\n\n  -- a line of SQL\n`" + `

func f() {

	_ = "x"
}
`
	if got := codeLines([]byte(src)); got != 8 {
		t.Errorf("%d lines, want 8", got)
	}
}
