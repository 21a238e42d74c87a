package change

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A random case of a kind: a generated file with some features, the user's
// edits of it, and the file with other features.

func stacks(seed int) (r *rand.Rand, before, after []int) {
	r = rand.New(rand.NewPCG(uint64(seed), 11))
	for i := range 6 {
		was, is := r.IntN(2) == 0, r.IntN(2) == 0
		if r.IntN(3) > 0 {
			is = was
		}
		if was {
			before = append(before, i)
		}
		if is {
			after = append(after, i)
		}
	}
	return r, before, after
}

func randomEnv(seed int) trio {
	r, before, after := stacks(seed)
	file := func(stack []int) []string {
		lines := []string{"PORT=8080"}
		for _, n := range stack {
			lines = append(lines, fmt.Sprintf("# Feature %d.", n), fmt.Sprintf("F%d_URL=http://%d", n, n))
			if n%2 == 0 {
				lines = append(lines, fmt.Sprintf("F%d_TIMEOUT=1s", n))
			}
		}
		return lines
	}
	return userEdits(r, file(before), file(after), func(k int) []string {
		return []string{fmt.Sprintf("MINE_%d=%d", k, k)}
	}, func(l string) string { return l + "0" })
}

func randomCompose(seed int) trio {
	r, before, after := stacks(seed)
	file := func(stack []int) []string {
		lines := []string{"services:", "  app:", "    image: app", "    environment:", "      - PORT=8080"}
		for _, n := range stack {
			lines = append(lines, fmt.Sprintf("      - F%d=http://f%d", n, n))
		}
		for _, n := range stack {
			lines = append(lines, fmt.Sprintf("  f%d:", n), fmt.Sprintf("    image: f%d", n), "    restart: always")
		}
		return append(lines, "volumes:", "  data: {}")
	}
	return userEdits(r, file(before), file(after), func(k int) []string {
		return []string{fmt.Sprintf("  mine%d:", k), fmt.Sprintf("    image: mine%d", k), "    restart: always"}
	}, func(l string) string {
		if strings.HasSuffix(l, ":") {
			return l + " # mine"
		}
		return l + "-mine"
	})
}

func randomGo(seed int) trio {
	r, before, after := stacks(seed)
	file := func(stack []int) []string {
		lines := []string{"package app", "", "import (", "\t\"context\""}
		for _, n := range stack {
			lines = append(lines, fmt.Sprintf("\t\"example.com/f%d\"", n))
		}
		lines = append(lines, ")", "", "func Open(ctx context.Context) error {")
		for _, n := range stack {
			lines = append(lines, fmt.Sprintf("\tif err := f%d.Open(ctx); err != nil {", n), "\t\treturn err", "\t}")
		}
		lines = append(lines, "\treturn nil", "}")
		for _, n := range stack {
			lines = append(lines, "", fmt.Sprintf("// Use%d uses it.", n), fmt.Sprintf("func Use%d() error {", n), fmt.Sprintf("\treturn f%d.Use()", n), "}")
		}
		return lines
	}
	return userEdits(r, file(before), file(after), func(k int) []string {
		return []string{fmt.Sprintf("func Mine%d() {", k), "\tprintln()", "}", ""}
	}, func(l string) string { return l + " // mine" })
}

// userEdits makes a case of two generated files: the user inserts blocks where
// a block starts, changes lines and deletes some.
func userEdits(r *rand.Rand, base, theirs []string, block func(int) []string, change func(string) string) trio {
	ours := slices.Clone(base)
	for k := range r.IntN(4) {
		if len(ours) == 0 {
			break
		}
		at := r.IntN(len(ours) + 1)
		switch r.IntN(4) {
		case 0, 1:
			for at < len(ours) && !startsBlock(ours[at]) {
				at++
			}
			ours = slices.Insert(ours, at, block(k)...)
		case 2:
			at = min(at, len(ours)-1)
			ours[at] = change(ours[at])
		case 3:
			at = min(at, len(ours)-1)
			ours = slices.Delete(ours, at, at+1)
		}
	}
	join := func(lines []string) string { return strings.Join(lines, "\n") + "\n" }
	return trio{join(base), join(ours), join(theirs)}
}

func startsBlock(l string) bool {
	return strings.HasPrefix(l, "// Use") || strings.HasPrefix(l, "  f") || strings.HasPrefix(l, "volumes") ||
		strings.HasPrefix(l, "# Feature") || strings.HasPrefix(l, "func Open")
}
