package render_test

import (
	"go/format"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/gomod"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/tree"
)

// stacks are every single feature, every pair, and the full set. Of those that
// bring along the same features there is one.
func stacks(t testing.TB) [][]string {
	var list [][]string
	seen := map[string]bool{}
	add := func(stack ...string) {
		p, err := plan.Make(shop(stack), shipped(t))
		if err != nil {
			return // they cannot be together
		}
		var features []string
		for _, s := range p.Steps {
			features = append(features, s.Feature.Name)
		}
		if key := strings.Join(features, " "); !seen[key] {
			seen[key] = true
			list = append(list, stack)
		}
	}
	names := shipped(t).Names()
	for i, a := range names {
		add(a)
		for _, b := range names[i+1:] {
			add(a, b)
		}
	}
	add(shipped(t).Together()...)
	return list
}

// shop is an application with the domains, which are of words of different
// length and form.
func shop(stack []string, domains ...answers.Domain) answers.Answers {
	return answers.Answers{Version: answers.Version, Name: "shop", Module: "example.com/shop", Stack: stack, Domains: domains}
}

var (
	billing = answers.Domain{Name: "billing", Entity: "invoice", Plural: "invoices"}
	orders  = answers.Domain{Name: "orders", Entity: "line_item", Plural: "line_items", Global: true}
	longest = answers.Domain{Name: "reconciliationofthirtyletters3", Entity: "settlement_of_a_counterparty30", Plural: "settlements_of_a_counterparty3"}
	crm     = answers.Domain{Name: "crm", Entity: "x", Plural: "people_and_their_companies"}
)

// parted gives each domain of an application parts of every kind, with names of
// different length and form.
func parted(a answers.Answers) answers.Answers {
	for _, d := range a.Domains {
		for i, part := range []string{"x", "add_status", "create_lines", "make_known_to_all_of_the_customers_at_one"} {
			for _, kind := range answers.Kinds {
				p := answers.Part{Kind: kind, Name: part, Domain: d.Name}
				if kind == answers.Migration {
					p.Number = i + 2
				}
				a.Parts = append(a.Parts, p)
			}
		}
	}
	return a
}

func TestEverythingRenderedIsFormatted(t *testing.T) {
	seen := map[string]bool{}
	for _, stack := range stacks(t) {
		for _, domains := range [][]answers.Domain{nil, {billing}, {orders, crm, longest}} {
			a := shop(stack, domains...)
			if len(domains) == 3 {
				a.Name, a.Module = "a", "zz.example.org/deep/er/a"
			}
			if len(stack) != 2 { // parts know nothing of pairs
				a = parted(a)
			}
			for p, f := range renderShipped(t, a) {
				if !strings.HasSuffix(p, ".go") || seen[string(f.Data)] {
					continue
				}
				seen[string(f.Data)] = true
				formatted, err := format.Source(f.Data)
				if err != nil {
					t.Fatalf("%v %s: %v", stack, p, err)
				}
				if diff := cmp.Diff(string(formatted), string(f.Data)); diff != "" {
					t.Errorf("%v %s (-gofmt +rendered)\n%s", stack, p, diff)
				}
			}
		}
	}
}

func TestNothingOfAFeatureThatWasNotChosenRemains(t *testing.T) {
	words := []string{"postgres", "redis", "asynq"}
	for _, stack := range stacks(t) {
		p, err := plan.Make(shop(stack), shipped(t))
		if err != nil {
			t.Fatal(err)
		}
		var absent []string
		for _, w := range words {
			if !slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return s.Feature.Name == w }) {
				absent = append(absent, w)
			}
		}
		for path, f := range renderShipped(t, shop(stack)) {
			text := strings.ToLower(path + "\n" + string(f.Data))
			for _, w := range absent {
				if path == "go.sum" || path == "go.mod" || !strings.Contains(text, w) {
					continue
				}
				if m := regexp.MustCompile(`.{0,40}\b` + w + `.{0,40}`).FindString(text); m != "" {
					t.Errorf("%v: %s speaks of %s: ...%s...", stack, path, w, m)
				}
			}
			for n, l := range strings.Split(string(f.Data), "\n") {
				if strings.Contains(l, "<no value>") || strings.ContainsAny(l, "\x01\x02") {
					t.Errorf("%v: %s:%d: %s", stack, path, n+1, l)
				}
			}
		}
	}
}

func TestRenderingTwiceGivesTheSameBytesInAnyOrderOfFlags(t *testing.T) {
	names := shipped(t).Together()
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		stack := slices.Clone(names)
		r.Shuffle(len(stack), func(i, j int) { stack[i], stack[j] = stack[j], stack[i] })
		stack = stack[:1+r.IntN(len(stack))]
		domains := []answers.Domain{billing, orders, crm}[:r.IntN(4)]
		wanted := parted(shop(stack, domains...))
		a := renderShipped(t, wanted)
		r.Shuffle(len(stack), func(i, j int) { stack[i], stack[j] = stack[j], stack[i] })
		domains = slices.Clone(domains)
		slices.Reverse(domains)
		again := shop(append(stack, stack[0]), domains...)
		again.Parts = wanted.Parts
		b := renderShipped(t, again)
		if !maps.EqualFunc(a, b, same) {
			t.Fatalf("seed %d, %v: %s", seed, stack, cmp.Diff(a, b))
		}
	}
}

// same compares two files with their origins; cmp takes seconds for it.
func same(a, b tree.File) bool {
	return a.Same(b) && a.Seed == b.Seed && slices.Equal(a.Lines, b.Lines)
}

func TestEveryLineKnowsWhereItCameFrom(t *testing.T) {
	for path, f := range renderShipped(t, shop([]string{"asynq"}, billing)) {
		if n := strings.Count(string(f.Data), "\n"); n != len(f.Lines) {
			t.Errorf("%s has %d lines and %d origins", path, n, len(f.Lines))
		}
		for i, o := range f.Lines {
			if o.Feature == "" {
				t.Fatalf("%s:%d came from nowhere", path, i+1)
			}
		}
	}
}

// TestRequireRowsNameWhatTheFilesImport holds the require rows of feature.mod
// against the imports of what is rendered, and against the catalogue.
func TestRequireRowsNameWhatTheFilesImport(t *testing.T) {
	imports := importsOf(t, renderShipped(t, shop(shipped(t).Together(), billing)))
	imports = append(imports, importsOf(t, renderShipped(t, shop([]string{"river"}, billing)))...)
	direct := map[string]string{}
	files, err := gomod.Solve(gomod.Module{Path: "example.com/shop", Imports: imports})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range files.Direct {
		direct[m.Path] = m.Version
	}
	stated := map[string]string{}
	for _, f := range shipped(t).Features {
		for _, r := range f.Require {
			stated[r.Path] = r.Version
		}
	}
	if diff := cmp.Diff(direct, stated); diff != "" {
		t.Errorf("require rows (-imported +stated)\n%s", diff)
	}
}

func importsOf(t *testing.T, files tree.Tree) (list []string) {
	for p, f := range files {
		if strings.HasSuffix(p, ".go") {
			imports, err := gomod.Imports(f.Data)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, imports...)
		}
	}
	return list
}
