package flow

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/gomod"
	"github.com/startkit/startkit/internal/tree"
)

var seeds = flag.Int("seeds", 2000, "how many random repositories the laws are held against")

// world renders answers once each.
type world map[string]tree.Tree

func (w world) render(t *testing.T, a answers.Answers) tree.Tree {
	t.Helper()
	key := fmt.Sprint(a)
	if w[key] == nil {
		_, out, err := rendered(a)
		if err != nil {
			t.Fatal(err)
		}
		w[key] = out
	}
	return w[key]
}

// story is a repository, what its owner did to it, and what was asked for next.
type story struct {
	seed          uint64
	before, after tree.Tree // two renders
	ours          tree.Tree // the first, as its owner left it
	written       map[string][]string
}

var stackNames = []string{"core", "postgres", "redis", "asynq", "license-mit"}

// pick returns random answers, and the same with more in them.
func pick(r *rand.Rand) (a, b answers.Answers) {
	a = answers.Answers{Version: answers.Version, Name: "shop", Module: "example.com/shop", Stack: []string{"core"}}
	b = a
	b.Stack = slices.Clone(a.Stack)
	for _, s := range stackNames[1:] {
		switch r.IntN(4) {
		case 0:
			a.Stack, b.Stack = append(a.Stack, s), append(b.Stack, s)
		case 1:
			b.Stack = append(b.Stack, s)
		}
	}
	domains := []answers.Domain{{Name: "billing", Entity: "invoice", Plural: "invoices"}, {Name: "orders", Entity: "line_item", Plural: "line_items", Global: true}}
	for _, d := range domains {
		switch r.IntN(4) {
		case 0:
			a.Domains, b.Domains = append(a.Domains, d), append(b.Domains, d)
		case 1:
			b.Domains = append(b.Domains, d)
		}
	}
	for _, p := range []answers.Part{
		{Kind: answers.Job, Name: "send_reminder", Domain: "billing"},
		{Kind: answers.Endpoint, Name: "approve", Domain: "billing"},
		{Kind: answers.Event, Name: "overdue", Domain: "billing"},
		{Kind: answers.Endpoint, Name: "approve", Domain: "orders"},
		{Kind: answers.Migration, Name: "create_payments", Domain: "orders", Number: 3},
	} {
		in := func(x answers.Answers) bool {
			return slices.ContainsFunc(x.Domains, func(d answers.Domain) bool { return d.Name == p.Domain })
		}
		n := r.IntN(3)
		if n == 0 && in(a) {
			a.Parts = append(a.Parts, p)
		}
		if n < 2 && in(b) {
			b.Parts = append(b.Parts, p)
		}
	}
	return a, b
}

// live does to a repository what owners do: they insert, change and delete
// lines, delete files, move them, add their own and dependencies of their own,
// and turn one to CRLF.
func live(r *rand.Rand, t tree.Tree) (ours tree.Tree, written map[string][]string) {
	ours, written = maps.Clone(t), map[string][]string{}
	paths := t.Paths()
	for n := range r.IntN(12) {
		p := paths[r.IntN(len(paths))]
		f, ok := ours[p]
		if !ok || p == "go.sum" || p == "go.mod" || p == answers.File {
			continue
		}
		lines := strings.SplitAfter(string(f.Data), "\n")
		i := r.IntN(len(lines))
		word := fmt.Sprintf("// owner wrote %d\n", n)
		switch r.IntN(14) {
		case 0:
			delete(ours, p)
			delete(written, p)
			continue
		case 12:
			f.Data = bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))
			ours[p] = f
			continue
		case 13:
			delete(ours, p)
			ours["own/"+strings.ReplaceAll(p, "/", "_")] = f
			delete(written, p)
			continue
		case 1:
			ours[fmt.Sprintf("own/%d.txt", n)] = tree.File{Data: []byte(word)}
			continue
		case 2:
			lines = slices.Delete(lines, i, i+1)
		case 3, 4:
			lines[i] = word
			written[p] = append(written[p], strings.TrimSpace(word))
		default:
			lines = slices.Insert(lines, i, word)
			written[p] = append(written[p], strings.TrimSpace(word))
		}
		ours[p] = tree.File{Data: []byte(strings.Join(lines, "")), Exec: f.Exec}
	}
	if r.IntN(4) == 0 {
		depend(ours, written)
	}
	// What a later edit of the owner removed again is not owed to him.
	for p, list := range written {
		written[p] = slices.DeleteFunc(list, func(l string) bool { return !bytes.Contains(ours[p].Data, []byte(l)) })
	}
	return ours, written
}

// depend gives a repository a dependency of its owner's, and a file that uses it.
func depend(t tree.Tree, written map[string][]string) {
	const row, sum = "example.org/width v1.2.3", "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	mod, sums := t["go.mod"], t["go.sum"]
	mod.Data = []byte(strings.Replace(string(mod.Data), "require (\n", "require (\n\t"+row+"\n", 1))
	sums.Data = append(slices.Clone(sums.Data), []byte(row+" "+sum+"\n"+row+"/go.mod "+sum+"\n")...)
	t["go.mod"], t["go.sum"] = mod, sums
	t["own/width.go"] = tree.File{Data: []byte("package own\n\nimport _ \"example.org/width\"\n")}
	written["go.mod"] = append(written["go.mod"], row)
	written["go.sum"] = append(written["go.sum"], row+" "+sum, row+"/go.mod "+sum)
}

// result is what a repository is after a change.
func result(ours tree.Tree, c change.Change) tree.Tree {
	out := maps.Clone(ours)
	for _, e := range c.Edits() {
		delete(out, e.Path)
		if e.After != nil {
			out[e.Path] = *e.After
		}
	}
	return out
}

// merged merges the difference of two renders as the commands do.
func merged(before, ours, after tree.Tree) change.Change {
	base, theirs := differing(before, after)
	mine := tree.Tree{}
	for _, p := range append(base.Paths(), theirs.Paths()...) {
		if f, ok := ours[p]; ok {
			mine[p] = f
		}
	}
	return change.Merge(base, mine, theirs, change.Options{Labels: labels, Module: func(base, mine, theirs change.Module, merged tree.Tree) (change.Module, []string, error) {
		files := maps.Clone(ours)
		maps.Copy(files, merged)
		m, err := gomod.Merge(gomod.Files{Mod: base.Mod, Sum: base.Sum}, gomod.Files{Mod: mine.Mod, Sum: mine.Sum},
			gomod.Files{Mod: theirs.Mod, Sum: theirs.Sum}, imports(files))
		return change.Module{Mod: m.Mod, Sum: m.Sum}, m.Notes, err
	}})
}

func same(a, b tree.Tree) bool { return maps.EqualFunc(a, b, tree.File.Same) }

// fail reports a broken law with a txtar that shows the files in question.
func (s story) fail(t *testing.T, law, path string) {
	t.Helper()
	a := &txtar.Archive{Comment: []byte(fmt.Sprintf("%s\nseed %d\n", law, s.seed))}
	for name, side := range map[string]tree.Tree{"base/": s.before, "ours/": s.ours, "theirs/": s.after} {
		if f, ok := side[path]; ok {
			a.Files = append(a.Files, txtar.File{Name: name + path, Data: f.Data})
		}
	}
	t.Fatalf("%s", txtar.Format(a))
}

func TestTheLawsHoldForRandomRepositoriesAndOwners(t *testing.T) {
	w := world{}
	clean, open := 0, 0
	for seed := range uint64(*seeds) {
		r := rand.New(rand.NewPCG(seed, 7))
		a, b := pick(r)
		s := story{seed: seed, before: w.render(t, a), after: w.render(t, b)}

		// Law 2: new(a) then add b equals new(a, b), and removing b again
		// gives new(a).
		if got := result(s.before, merged(s.before, s.before, s.after)); !same(got, s.after) {
			s.ours = s.before
			s.fail(t, "add on an untouched repository is not new", differs(got, s.after))
		}
		if got := result(s.after, merged(s.after, s.after, s.before)); !same(got, s.before) {
			s.ours = s.after
			s.fail(t, "remove on an untouched repository is not new", differs(got, s.before))
		}

		// Law 5: no byte that the owner wrote is lost; nor a file of his.
		s.ours, s.written = live(r, s.before)
		c := merged(s.before, s.ours, s.after)
		got := result(s.ours, c)
		s.keeps(t, got)
		s.tells(t, c, got)
		if c.Clean() {
			clean++
		} else {
			open++
			continue
		}

		// Law 2: add x twice: the second changes nothing. add x; remove x
		// gives back the owner's repository.
		if again := merged(s.after, got, s.after); len(again.Edits()) > 0 {
			s.fail(t, "the second add changes something", again.Edits()[0].Path)
		}
		back := merged(s.after, got, s.before)
		if back.Clean() {
			s.keeps(t, result(got, back))
		}
	}
	t.Logf("%d clean, %d with a conflict", clean, open)
	if clean < *seeds/2 {
		t.Errorf("only %d of %d merges are clean", clean, *seeds)
	}
}

// tells checks law 4: what the report says of each file is what is there
// afterwards. A dry run prints the same report.
func (s story) tells(t *testing.T, c change.Change, got tree.Tree) {
	t.Helper()
	for _, f := range files(c) {
		sum := ""
		if g, ok := got[f.Path]; ok {
			h := sha256.Sum256(g.Data)
			sum = hex.EncodeToString(h[:])
		}
		if f.SHA256 != sum {
			s.fail(t, "the report tells of another file than there is", f.Path)
		}
	}
}

// keeps checks that all that the owner wrote is there.
func (s story) keeps(t *testing.T, got tree.Tree) {
	t.Helper()
	for p, list := range s.written {
		for _, l := range list {
			if !bytes.Contains(got[p].Data, []byte(l)) {
				s.fail(t, "the owner's line is lost: "+l, p)
			}
		}
	}
	for p, f := range s.ours {
		if g, ok := got[p]; strings.HasPrefix(p, "own/") && (!ok || !g.Same(f)) {
			s.fail(t, "a file of the owner is not as it was", p)
		}
	}
}

// differs returns a path at which two trees are not the same.
func differs(a, b tree.Tree) string {
	for _, p := range append(a.Paths(), b.Paths()...) {
		if f, ok := a[p]; !ok || !f.Same(b[p]) {
			return p
		}
	}
	return ""
}
