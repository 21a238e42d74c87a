package proof

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// cpu runs a command and returns the processor time that it took, its
// children's included.
func cpu(b *testing.B, c command) time.Duration {
	b.Helper()
	cmd := exec.Command(c.name, c.args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", c.name, err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// BenchmarkNewAgainstCopy makes the largest repository, and copies it with
// cp -r, in turns. It prints the processor time of both and the ratio; the aim
// is at most 3.
func BenchmarkNewAgainstCopy(b *testing.B) {
	env := environ(b, b.TempDir())
	answers := filepath.Join(b.TempDir(), "startkit.mod")
	if out, err := exec.Command("cp", "../../golden/full/startkit.mod", answers).CombinedOutput(); err != nil {
		b.Fatal(string(out))
	}
	var made, copied time.Duration
	n := 0
	for b.Loop() {
		dir := b.TempDir()
		made += cpu(b, command{dir, env, startkit, []string{"new", "--answers", answers, "--no-git", "--dir", "made"}})
		copied += cpu(b, command{dir, env, "cp", []string{"-r", "made", "copy"}})
		n++
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(made.Microseconds())/float64(n)/1000, "new-cpu-ms")
	b.ReportMetric(float64(copied.Microseconds())/float64(n)/1000, "cp-cpu-ms")
	b.ReportMetric(float64(made)/float64(copied), "new/cp")
}

// BenchmarkAdd adds a domain to the largest repository, and prints what a whole
// run costs beside a run that renders only.
func BenchmarkAdd(b *testing.B) {
	env := environ(b, b.TempDir())
	dir := b.TempDir()
	if out, err := (command{dir, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=asynq"}}).try(); err != nil {
		b.Fatal(out)
	}
	shop := filepath.Join(dir, "shop")
	var added, rendered time.Duration
	n := 0
	for b.Loop() {
		added += cpu(b, command{shop, env, startkit, []string{"add", "domain", "billing", "--dry-run", "--json"}})
		rendered += cpu(b, command{shop, env, startkit, []string{"why", "go.mod"}})
		n++
	}
	b.ReportMetric(float64(added.Microseconds())/float64(n)/1000, "add-cpu-ms")
	b.ReportMetric(float64(rendered.Microseconds())/float64(n)/1000, "render-cpu-ms")
	b.ReportMetric(float64(added)/float64(rendered), "add/render")
}
