package change

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/startkit/startkit/internal/tree"
	"golang.org/x/tools/txtar"
)

// story is one file of testdata: three trees, what a careful colleague would
// make of them, and what is said about it. Its comment is a sentence and then
// directives:
//
//	file compose.yaml      the path of the only file, in a story of one
//	update                 the mode in which seeds are left alone
//	base                   conflicts show the base as well
//	moved a b              the user moved a to b
//	exec ours/run.sh       is executable; so for seed, crlf, bare (no last newline), bom, nul (@ for NUL)
type story struct {
	archive                  *txtar.Archive
	base, ours, theirs, want tree.Tree
	says                     string
	options                  Options
}

func readStory(t *testing.T, name string) story {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return makeStory(t, a)
}

func makeStory(t *testing.T, a *txtar.Archive) story {
	t.Helper()
	s := story{archive: a, base: tree.Tree{}, ours: tree.Tree{}, theirs: tree.Tree{}, want: tree.Tree{}}
	s.options.Moved = map[string]string{}
	trees := map[string]tree.Tree{"base": s.base, "ours": s.ours, "theirs": s.theirs, "want": s.want}
	only := "file.txt"
	var marks [][2]string
	for line := range strings.Lines(string(a.Comment)) {
		switch w := strings.Fields(line); {
		case len(w) == 0:
		case w[0] == "file":
			only = w[1]
		case w[0] == "update":
			s.options.Update = true
		case w[0] == "base" && len(w) == 1:
			s.options.Labels.Base = "base"
		case w[0] == "moved":
			s.options.Moved[w[1]] = w[2]
		case slices.Contains([]string{"exec", "seed", "crlf", "bare", "bom", "nul"}, w[0]):
			for _, path := range w[1:] {
				marks = append(marks, [2]string{w[0], path})
			}
		}
	}
	for _, f := range a.Files {
		if f.Name == "says" {
			s.says = string(f.Data)
			continue
		}
		dir, path, ok := strings.Cut(f.Name, "/")
		if !ok {
			path = only
		}
		file := tree.File{Data: f.Data}
		for _, m := range marks {
			if m[1] == f.Name {
				file = marked(file, m[0])
			}
		}
		trees[dir][path] = file
	}
	return s
}

// marked makes of a file what cannot be said in txtar.
func marked(f tree.File, mark string) tree.File {
	switch mark {
	case "exec":
		f.Exec = true
	case "seed":
		f.Seed = true
	case "crlf":
		f.Data = bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))
	case "bare":
		f.Data = bytes.TrimRight(f.Data, "\r\n")
	case "bom":
		f.Data = append([]byte(bom), f.Data...)
	case "nul":
		f.Data = bytes.ReplaceAll(f.Data, []byte("@"), []byte{0})
	}
	return f
}

// apply writes a change into a tree.
func apply(t tree.Tree, c Change) tree.Tree {
	out := tree.Tree{}
	for path, f := range t {
		out[path] = f
	}
	for _, e := range c.Edits() {
		delete(out, e.Path)
		if e.After != nil {
			out[e.Path] = *e.After
		}
	}
	return out
}

// say tells the change in lines: verdict, path, reason, and the conflicts.
func say(c Change) string {
	var out strings.Builder
	for _, f := range c.Files {
		fmt.Fprintf(&out, "%s %s: %s", f.Verdict, f.Path, f.Reason)
		if f.Notice {
			out.WriteString(" (notice)")
		}
		out.WriteString("\n")
		for _, k := range f.Conflicts {
			fmt.Fprintf(&out, "\tlines %d-%d: %s\n", k.Start, k.End, k.Reason)
		}
	}
	return out.String()
}

// look makes a tree comparable: what counts in a file, with text as text.
func look(t tree.Tree) map[string]string {
	out := map[string]string{}
	for path, f := range t {
		text := string(f.Data)
		if f.Exec {
			text = "(executable)\n" + text
		}
		out[path] = text
	}
	return out
}

func TestStories(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) < 40 {
		t.Fatalf("%d stories, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			s := readStory(t, name)
			c := Merge(s.base, s.ours, s.theirs, s.options)
			if *update {
				rewrite(t, name, s, c)
				return
			}
			got := apply(s.ours, c)
			if diff := cmp.Diff(look(s.want), look(got)); diff != "" {
				t.Errorf("the tree is not as wanted (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(s.says, say(c)); diff != "" {
				t.Errorf("it does not say as wanted (-want +got):\n%s", diff)
			}
			if again := Merge(s.theirs, got, s.theirs, s.options); len(again.Edits()) > 0 {
				t.Errorf("the second time is not idle:\n%s", again.Unified())
			}
		})
	}
}
