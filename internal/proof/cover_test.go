package proof

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/templates"
)

// presence says of one feature whether it is in a repository.
type presence struct {
	feature string
	in      bool
}

// pair is what two features are to each other in one repository.
type pair [2]presence

// variants are every single feature, and as few further stacks as show every
// two features together, each without the other, and both away, as far as they
// can be: the faults of options are nearly always faults of two of them, and
// every pair for itself would cost the square of the catalogue.
func variants(t *testing.T) [][]string {
	t.Helper()
	c, err := catalog.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	covered := map[pair]bool{}
	for _, name := range c.Names() {
		list = append(list, []string{name})
		maps.Copy(covered, pairs(c, list[len(list)-1]))
	}
	random := rand.New(rand.NewPCG(1, 1))
	for {
		best, gain := []string(nil), 0
		for range 200 {
			stack := draw(random, c)
			if n := uncovered(pairs(c, stack), covered); n > gain {
				best, gain = stack, n
			}
		}
		if gain == 0 {
			return list
		}
		list = append(list, best)
		maps.Copy(covered, pairs(c, best))
	}
}

// draw returns a random stack, which may be the full set.
func draw(random *rand.Rand, c *catalog.Catalog) []string {
	names := slices.Clone(c.Names())
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	var stack []string
	for _, name := range names[:1+random.IntN(len(names))] {
		if _, err := plan.Make(answers.Answers{Stack: append(slices.Clone(stack), name)}, c); err == nil {
			stack = append(stack, name)
		}
	}
	slices.Sort(stack)
	return stack
}

// pairs are what all pairs of features are to each other in the repository of
// the stack: none, if the stack cannot be.
func pairs(c *catalog.Catalog, stack []string) map[pair]bool {
	found := map[pair]bool{}
	p, err := plan.Make(answers.Answers{Stack: stack}, c)
	if err != nil {
		return found
	}
	present := func(name string) presence {
		in := slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return s.Feature.Name == name })
		return presence{name, in}
	}
	names := c.Names()
	for i, a := range names {
		for _, b := range names[i+1:] {
			found[pair{present(a), present(b)}] = true
		}
	}
	return found
}

// uncovered counts the pairs that are not covered yet.
func uncovered(found, covered map[pair]bool) int {
	n := 0
	for p := range found {
		if !covered[p] {
			n++
		}
	}
	return n
}

func TestVariantsShowEveryTwoFeaturesTogether(t *testing.T) {
	c, err := catalog.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	covered := map[pair]bool{}
	list := variants(t)
	for _, stack := range list {
		maps.Copy(covered, pairs(c, stack))
	}
	names := c.Names()
	for i, a := range names {
		for _, b := range names[i+1:] {
			for p := range pairs(c, []string{a, b}) {
				if p[0].in && p[1].in && !covered[p] {
					t.Errorf("no variant has both %s and %s", p[0].feature, p[1].feature)
				}
			}
		}
	}
	t.Logf("%d variants of %d features", len(list), len(names))
}
