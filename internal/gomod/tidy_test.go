package gomod

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

var subsets = flag.Int("subsets", 60, "how many random subsets of the catalogue go mod tidy is asked about")

// TestTidyHasNothingToSay holds what Solve writes against the go command: each
// package of the catalogue alone, all together, and random subsets, half of
// each imported by a test. It needs the module cache or a proxy.
func TestTidyHasNothingToSay(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command a hundred times")
	}
	entries := carried(t)
	stacks := [][]string{nil, entries}
	for _, entry := range entries {
		stacks = append(stacks, []string{entry})
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range *subsets {
		stack := slices.Clone(entries)
		random.Shuffle(len(stack), func(i, j int) { stack[i], stack[j] = stack[j], stack[i] })
		stacks = append(stacks, stack[:2+random.IntN(6)])
	}
	for i, stack := range stacks {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			r := newRepository(t, stack)
			r.write(t, r.solve(t))
			if diff := r.tidyDiff(t); diff != "" {
				t.Errorf("go mod tidy -diff after importing %v:\n%s", stack, diff)
			}
		})
	}
}
