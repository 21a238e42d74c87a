package gomod

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/startkit/startkit/internal/gomod/facts"
)

var update = flag.Bool("update", false, "write what came out into the stories of testdata")

// TestSolveStories solves for small catalogues made up by hand. A story holds
// facts and imports, and then what comes out: go.mod and go.sum, or an error.
func TestSolveStories(t *testing.T) {
	tell(t, "solve", func(t *testing.T, s story) map[string]string {
		files, err := solve(s.facts(t), Module{Path: "example.com/own", Imports: strings.Fields(s["imports"])})
		if err != nil {
			return map[string]string{"error": err.Error() + "\n"}
		}
		return map[string]string{"go.mod": string(files.Mod), "go.sum": string(files.Sum)}
	})
}

// TestMergeStories merges by hand-made facts. A story holds the files of three
// sides and perhaps imports, and then what comes out: go.mod and go.sum, and
// what Merge says of them.
func TestMergeStories(t *testing.T) {
	tell(t, "merge", func(t *testing.T, s story) map[string]string {
		merger := merger{facts: s.facts(t), imports: strings.Fields(s["imports"])}
		m, err := merger.merge(s.files("base"), s.files("ours"), s.files("theirs"))
		if err != nil {
			return map[string]string{"error": err.Error() + "\n"}
		}
		says := fmt.Sprintf("tidy: %v\n%s", m.Tidy, strings.Join(append(m.Notes, ""), "\n"))
		return map[string]string{"go.mod": string(m.Mod), "go.sum": string(m.Sum), "says": says}
	})
}

// story is one file of testdata: what each of its parts holds.
type story map[string]string

func (s story) facts(t *testing.T) *facts.Facts {
	t.Helper()
	f, err := facts.Parse(s["facts"])
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (s story) files(side string) Files {
	return Files{Mod: []byte(s[side+"/go.mod"]), Sum: []byte(s[side+"/go.sum"])}
}

// outcomes are the parts of a story that come out of it.
var outcomes = []string{"go.mod", "go.sum", "says", "error"}

// tell compares what comes out of each story of a kind with what it says.
func tell(t *testing.T, kind string, run func(*testing.T, story) map[string]string) {
	names, err := filepath.Glob(filepath.Join("testdata", kind, "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no stories of %s: %v", kind, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			s, want := story{}, map[string]string{}
			for _, f := range archive.Files {
				s[f.Name] = string(f.Data)
				if slices.Contains(outcomes, f.Name) {
					want[f.Name] = string(f.Data)
				}
			}
			got := run(t, s)
			if *update {
				rewrite(t, name, archive, got)
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", archive.Comment, diff)
			}
		})
	}
}

func rewrite(t *testing.T, name string, archive *txtar.Archive, got map[string]string) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return slices.Contains(outcomes, f.Name) })
	for _, part := range outcomes {
		if data, ok := got[part]; ok {
			archive.Files = append(archive.Files, txtar.File{Name: part, Data: []byte(data)})
		}
	}
	if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
		t.Fatal(err)
	}
}
