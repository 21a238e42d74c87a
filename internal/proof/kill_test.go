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
			if left := others(t, dir, "shop"); len(left) > 0 {
				t.Fatalf("the next run left %v", left)
			}
		}
		// Killed between the rename and its own end, a run leaves its folder
		// empty; the next one for that name takes it over.
		if left := contents(t, filepath.Join(dir, ".shop.startkit", "tree")); len(left) > 0 {
			t.Fatalf("beside the whole repository it left %d files", len(left))
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

// TestAChangeKilledAtAnyMomentIsFinishedOrUndoneByTheNext kills commands that
// change a repository. What they leave is the old state, the new one, or a
// journal that the next command brings to one of both.
func TestAChangeKilledAtAnyMomentIsFinishedOrUndoneByTheNext(t *testing.T) {
	home := t.TempDir()
	env := environ(t, home)
	bare := filepath.Join(home, "bare")
	command{home, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=pg", "--dir", "bare"}}.run(t)
	full := filepath.Join(home, "full")
	command{home, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=asynq", "--dir", "full"}}.run(t)
	command{full, env, startkit, []string{"add", "domain", "billing", "--entity", "invoice"}}.run(t)
	commit(t, full, env, "billing")
	next := nextVersion(t, env, source(t, env, filepath.Join(home, "next")))
	for _, c := range []struct {
		name, bin, from string
		args            []string
	}{
		{"add a domain", startkit, bare, []string{"add", "domain", "billing", "--entity", "invoice"}},
		{"add features", startkit, bare, []string{"add", "asynq"}},
		{"remove a domain", startkit, full, []string{"remove", "domain", "billing"}},
		{"update", next, full, []string{"update", "--base-binary", startkit}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // they wait for the disk most of the time
			killing{home: t.TempDir(), env: env, bin: c.bin, from: c.from, args: c.args}.run(t)
		})
	}
}

// killing is a command that is killed again and again, each time in a fresh
// copy of a repository.
type killing struct {
	home string
	env  []string
	bin  string
	from string
	args []string
}

// copy makes a fresh copy, and the command in it.
func (k killing) copy(t *testing.T, name string) command {
	t.Helper()
	dir := filepath.Join(k.home, name)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(k.from)); err != nil {
		t.Fatal(err)
	}
	return command{dir, k.env, k.bin, k.args}
}

func (k killing) run(t *testing.T) {
	whole := k.copy(t, "whole")
	before := contents(t, whole.dir)
	total := elapsed(t, whole)
	after := contents(t, whole.dir)
	hit, torn := 0, 0
	for i := range kills {
		c := k.copy(t, "killed")
		if killed(t, c, total*time.Duration(i)/kills) {
			hit++
		}
		if got := contents(t, c.dir); !maps.Equal(got, before) && !maps.Equal(got, after) {
			torn++
			if !journalled(c.dir) {
				t.Fatalf("killed after %d/%d of a run, it left a mix and no journal", i, kills)
			}
		}
		command{c.dir, k.env, k.bin, []string{"update", "--force", "--base-binary", startkit}}.run(t)
		got := contents(t, c.dir)
		if maps.Equal(got, before) {
			c.args = append(c.args, "--force")
			c.run(t)
			got = contents(t, c.dir)
		}
		if diff := cmp.Diff(after, got); diff != "" {
			t.Fatalf("killed after %d/%d of a run, it was not finished: %s", i, kills, diff)
		}
		if journalled(c.dir) {
			t.Fatal("a journal is left")
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
