package change

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// benchTrio makes a file of n lines; either side changes one line in fifty.
func benchTrio(n int, line func(i int) string) trio {
	r := rand.New(rand.NewPCG(1, 1))
	lines := make([]string, n)
	for i := range lines {
		lines[i] = line(i)
	}
	change := func(with string) string {
		var out strings.Builder
		for i, l := range lines {
			out.WriteString(l)
			if r.IntN(50) == 0 {
				fmt.Fprintf(&out, "%s %d\n", with, i)
			}
		}
		return out.String()
	}
	return trio{strings.Join(lines, ""), change("// ours"), change("// theirs")}
}

func benchmark(b *testing.B, name string, c trio) {
	merge := mergerOf(name)
	base, ours, theirs := []byte(c.base), []byte(c.ours), []byte(c.theirs)
	b.SetBytes(int64(len(base)))
	for b.Loop() {
		merge(base, ours, theirs)
	}
}

func distinct(i int) string { return fmt.Sprintf("line %d of a text of some length\n", i) }

func Benchmark1000Lines(b *testing.B) { benchmark(b, "a.txt", benchTrio(1000, distinct)) }

func Benchmark1000LinesOfGo(b *testing.B) {
	c := benchTrio(1000, func(i int) string { return fmt.Sprintf("var v%d = %d\n", i, i) })
	head := "package p\n\nimport \"fmt\"\n\nvar _ = fmt.Sprint\n\n"
	benchmark(b, "a.go", trio{head + c.base, head + c.ours, head + c.theirs})
}

func Benchmark1MB(b *testing.B) { benchmark(b, "a.txt", benchTrio(28000, distinct)) }

func Benchmark1MBOfFewLines(b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	few := func(int) string { return string(rune('a'+r.IntN(4))) + strings.Repeat("x", 30) + "\n" }
	benchmark(b, "a.txt", benchTrio(32000, few))
}

// The worst case: three files of short lines, few of them different, with
// nothing in common but chance.
func Benchmark1MBOfNoise(b *testing.B) {
	noise := func(seed uint64) string {
		r := rand.New(rand.NewPCG(seed, 3))
		var out bytes.Buffer
		for range 350000 {
			out.WriteByte(byte('a' + r.IntN(3)))
			out.WriteString("\n")
		}
		return out.String()
	}
	benchmark(b, "a.txt", trio{noise(1), noise(2), noise(3)})
}
