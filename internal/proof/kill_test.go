package proof

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kills is how often each command is killed. The moments sweep over the time
// that a whole run takes.
const kills = 200

// contents reads every file below a folder but what git keeps; nil when the
// folder is not there.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && (d.Name() == ".git" || d.Name() == ".startkit") {
				return fs.SkipDir
			}
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		files[rel] = string(b)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// killed starts a command and kills it after a delay; it says whether the
// command was still running.
func killed(t *testing.T, c command, delay time.Duration) bool {
	t.Helper()
	cmd := exec.Command(c.name, c.args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(delay, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	return cmd.Wait() != nil
}

// elapsed runs a command and says how long it took.
func elapsed(t *testing.T, c command) time.Duration {
	t.Helper()
	start := time.Now()
	c.run(t)
	return time.Since(start)
}

func TestNewKilledAtAnyMomentLeavesAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	env := environ(t, t.TempDir())
	c := command{dir, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=pg,redis,asynq"}}
	total := elapsed(t, c)
	target := filepath.Join(dir, "shop")
	want := contents(t, target)
	hit := 0
	for i := range kills {
		if err := os.RemoveAll(target); err != nil {
			t.Fatal(err)
		}
		if killed(t, c, total*time.Duration(i)/kills) {
			hit++
		}
		got := contents(t, target)
		if got != nil && !maps.Equal(got, want) {
			t.Fatalf("killed after %d/%d of a run, it left a part: %s", i, kills, cmp.Diff(want, got))
		}
		if got == nil {
			c.run(t)
		}
		if left := others(t, dir, "shop"); len(left) > 0 {
			t.Fatalf("the next run left %v", left)
		}
		if out := (command{target, env, "git", []string{"status", "--porcelain"}}).run(t); out != "" {
			t.Fatalf("the repository is not committed: %s", out)
		}
	}
	if hit < kills/4 {
		t.Errorf("only %d of %d runs were killed", hit, kills)
	}
}

// others lists what a folder holds beside one name.
func others(t *testing.T, dir, name string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if e.Name() != name {
			list = append(list, e.Name())
		}
	}
	return list
}

func TestAddKilledAtAnyMomentIsFinishedByTheNext(t *testing.T) {
	home := t.TempDir()
	env := environ(t, home)
	fresh := filepath.Join(home, "fresh", "shop")
	if err := os.MkdirAll(filepath.Dir(fresh), 0o755); err != nil {
		t.Fatal(err)
	}
	command{filepath.Dir(fresh), env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=pg,redis,asynq"}}.run(t)
	before := contents(t, fresh)
	add := []string{"add", "domain", "billing", "--entity", "invoice"}

	scratch := func(name string) command {
		dir := filepath.Join(home, name)
		if err := os.CopyFS(dir, os.DirFS(fresh)); err != nil {
			t.Fatal(err)
		}
		return command{dir, env, startkit, add}
	}
	whole := scratch("whole")
	total := elapsed(t, whole)
	after := contents(t, whole.dir)
	hit, torn := 0, 0
	for i := range kills {
		c := scratch("killed")
		if killed(t, c, total*time.Duration(i)/kills) {
			hit++
		}
		if got := contents(t, c.dir); !maps.Equal(got, before) && !maps.Equal(got, after) {
			torn++
			if !journalled(c.dir) {
				t.Fatalf("killed after %d/%d of a run, it left a mix and no journal", i, kills)
			}
		}
		out, err := command{c.dir, env, startkit, append(add, "--force")}.try()
		if err != nil {
			t.Fatalf("the next run: %v\n%s", err, out)
		}
		if diff := cmp.Diff(after, contents(t, c.dir)); diff != "" {
			t.Fatalf("killed after %d/%d of a run, the next run did not finish it: %s", i, kills, diff)
		}
		if journalled(c.dir) {
			t.Fatal("the next run left a journal")
		}
		if err := os.RemoveAll(c.dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d runs were killed, %d between two files", hit, kills, torn)
	if hit < kills/4 {
		t.Errorf("only %d of %d runs were killed", hit, kills)
	}
}

// journalled says whether a run left a transaction that is not finished.
func journalled(dir string) bool {
	entries, _ := os.ReadDir(filepath.Join(dir, ".git", "startkit"))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "journal") {
			return true
		}
	}
	return false
}
