package change

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/startkit/startkit/internal/tree"
)

func content(s string) tree.File { return tree.File{Data: []byte(s)} }

func TestDiffOfTwoTrees(t *testing.T) {
	from := tree.Tree{"a": content("1\n"), "b": content("2\n"), "c": content("3\n"), "run": content("#!\n")}
	to := tree.Tree{"a": content("1\n"), "b": content("9\n"), "d": content("4\n"), "run": {Data: []byte("#!\n"), Exec: true}}
	c := Diff(from, to)
	want := `same a: as generated
updated b: generated anew; you had not edited it
deleted c: no longer generated
created d: new
updated run: generated anew; you had not edited it
`
	if diff := cmp.Diff(want, say(c)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(look(to), look(apply(from, c))); diff != "" {
		t.Error(diff)
	}
}

func TestADiffIsReadByGit(t *testing.T) {
	from := tree.Tree{"a b": content("1\n2\n3\n"), "gone": content("x\n"), "bare": content("1\n2"), "run": content("#!\n")}
	to := tree.Tree{"a b": content("1\nzwei\n3\n"), "new/é": content("y\n"), "bare": content("1\n3"), "run": {Data: []byte("#!!\n"), Exec: true}}
	dir := t.TempDir()
	for path, f := range from {
		if err := os.WriteFile(filepath.Join(dir, path), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	apply := exec.Command("git", "apply", "-")
	apply.Dir = dir
	apply.Stdin = strings.NewReader(Diff(from, to).Unified())
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%s", out, Diff(from, to).Unified())
	}
	got := tree.Tree{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		info, _ := d.Info()
		rel, _ := filepath.Rel(dir, path)
		got[rel] = tree.File{Data: data, Exec: info.Mode()&0o100 != 0}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(look(to), look(got)); diff != "" {
		t.Error(diff)
	}
}

func TestJSONOfAChange(t *testing.T) {
	c := Merge(
		tree.Tree{"a": content("1\n"), "pic": content("\x001")},
		tree.Tree{"a": content("2\n"), "pic": content("\x002")},
		tree.Tree{"a": content("3\n"), "pic": content("\x003"), "run": {Data: []byte("#!\n"), Exec: true}},
		Options{},
	)
	got, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden := "testdata/change.json"
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Error(diff)
	}
}

func TestAFileOver1MBIsNotMerged(t *testing.T) {
	big := strings.Repeat("0123456789abcdef\n", 1<<16)
	_, f := merged("big.txt", trio{big, "ours\n" + big, big + "theirs\n"})
	if f.Verdict != Conflicted || f.Writes() || len(f.Conflicts) != 1 {
		t.Errorf("%s, writes %v: %s", f.Verdict, f.Writes(), f.Reason)
	}
}

func TestTheTreesAreNotChanged(t *testing.T) {
	s := readStory(t, "testdata/go-struct-realigned.txtar")
	again := readStory(t, "testdata/go-struct-realigned.txtar")
	Merge(s.base, s.ours, s.theirs, s.options)
	if diff := cmp.Diff(again.base, s.base) + cmp.Diff(again.ours, s.ours) + cmp.Diff(again.theirs, s.theirs); diff != "" {
		t.Error(diff)
	}
}

func TestAModuleIsMergedAsOne(t *testing.T) {
	base := tree.Tree{"go.mod": content("1\n"), "go.sum": content("1\n"), "a.go": content("package a\n")}
	ours := tree.Tree{"go.mod": content("2\n"), "go.sum": content("2\n"), "mine.go": content("package a\n")}
	theirs := tree.Tree{"go.mod": content("3\n"), "go.sum": content("3\n"), "b.go": content("package a\n")}
	var saw []string
	o := Options{Module: func(b, o, t Module, merged tree.Tree) (Module, []string, error) {
		saw = merged.Paths()
		return Module{Mod: bytes.Join([][]byte{b.Mod, o.Mod, t.Mod}, nil), Sum: o.Sum}, []string{"raised"}, nil
	}}
	c := Merge(base, ours, theirs, o)
	want := `same a.go: gone on both sides
created b.go: new
merged go.mod: your requirements and what is new
kept go.sum: what is new is in it already
`
	if diff := cmp.Diff(want, say(c)); diff != "" {
		t.Error(diff)
	}
	if got := string(c.Files[2].After.Data); got != "1\n2\n3\n" {
		t.Errorf("go.mod is %q", got)
	}
	if diff := cmp.Diff([]string{"b.go", "go.mod", "go.sum", "mine.go"}, saw); diff != "" {
		t.Error(diff)
	}
	o.Module = func(Module, Module, Module, tree.Tree) (Module, []string, error) {
		return Module{}, nil, errors.New("go.mod:1: unknown directive")
	}
	if f := Merge(base, ours, theirs, o).Files[2]; f.Verdict != Conflicted || len(f.Notes) != 1 {
		t.Errorf("%s %q", f.Verdict, f.Notes)
	}
}
