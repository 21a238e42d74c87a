//go:build !windows

package disk

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/startkit/startkit/internal/tree"
)

// hundred is a repository of 100 files of 3 kB in 25 folders.
func hundred() tree.Tree {
	t := tree.Tree{}
	for i := range 100 {
		t[fmt.Sprintf("a/d%d/e%d/f%d.go", i%5, i%20, i)] = *file(strings.Repeat(fmt.Sprintln("line of file", i), 200))
	}
	return t
}

// BenchmarkNew makes it. Its yardstick is BenchmarkCopy: both report the
// processor time that they cost.
func BenchmarkNew(b *testing.B) {
	t, dir := hundred(), b.TempDir()
	spent := -processorTime()
	for n := range b.N {
		if err := make1(filepath.Join(dir, fmt.Sprint(n)), t); err != nil {
			b.Fatal(err)
		}
	}
	report(b, spent+processorTime())
}

func BenchmarkCopy(b *testing.B) {
	dir := b.TempDir()
	from := filepath.Join(dir, "from")
	if err := make1(from, hundred()); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	spent := -processorTime()
	for n := range b.N {
		if err := exec.Command("cp", "-r", from, filepath.Join(dir, fmt.Sprint(n))).Run(); err != nil {
			b.Fatal(err)
		}
	}
	report(b, spent+processorTime())
}

// BenchmarkApply changes ten files of it back and forth.
func BenchmarkApply(b *testing.B) {
	t, root := hundred(), filepath.Join(b.TempDir(), "app")
	if err := make1(root, t); err != nil {
		b.Fatal(err)
	}
	var edits []tree.Edit
	for _, p := range t.Paths()[:10] {
		was := t[p]
		edits = append(edits, tree.Edit{Path: p, Before: &was, After: file("changed")})
	}
	b.ResetTimer()
	spent := -processorTime()
	for range b.N {
		if err := Apply(root, edits); err != nil {
			b.Fatal(err)
		}
		edits = reversed(edits)
	}
	report(b, spent+processorTime())
}

func report(b *testing.B, spent time.Duration) {
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// processorTime is what this process and its children have cost so far.
func processorTime() time.Duration {
	var all time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var use syscall.Rusage
		if syscall.Getrusage(who, &use) == nil {
			all += time.Duration(use.Utime.Nano() + use.Stime.Nano())
		}
	}
	return all
}
