//go:build !windows

package forge

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// BenchmarkInit makes a repository of 100 files in 10 folders, and reports the
// processor time of the git processes.
func BenchmarkInit(b *testing.B) {
	b.Setenv("GIT_AUTHOR_NAME", "Ada")
	b.Setenv("GIT_AUTHOR_EMAIL", "ada@x.example")
	b.Setenv("GIT_COMMITTER_NAME", "Ada")
	b.Setenv("GIT_COMMITTER_EMAIL", "ada@x.example")
	base := b.TempDir()
	var spent time.Duration
	for n := range b.N {
		b.StopTimer()
		dir := filepath.Join(base, fmt.Sprint(n))
		for i := range 100 {
			path := filepath.Join(dir, fmt.Sprint(i%10), fmt.Sprint(i))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(path, fmt.Appendf(nil, "%03000d", i), 0o644); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		spent -= childTime()
		if err := Init(b.Context(), dir, "begin"); err != nil {
			b.Fatal(err)
		}
		spent += childTime()
	}
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

func childTime() time.Duration {
	var use syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_CHILDREN, &use) != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
