package proof

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kills is how often new is killed, and moments how often each command that
// changes a repository, beside the kills that are counted. They sweep over the
// time that a whole run takes.
const (
	kills   = 60
	moments = 10
)

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
	c := command{dir, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=pg"}}
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
// change a repository: before their changes of the disk, one after the other,
// and at moments of the whole run, for what git does meanwhile. What they leave
// is the old state, the new one, or a journal that the next command brings to
// one of both. That the steps of an edit of any kind may each be the last,
// package disk shows; here the real program takes hundreds, and of those of the
// longest runs every third, seventh or thirteenth is met: prime numbers, so that
// they fall on each step of an edit.
func TestAChangeKilledAtAnyMomentIsFinishedOrUndoneByTheNext(t *testing.T) {
	home := t.TempDir()
	env := environ(t, home)
	here, next := deadly(t, env, "../.."), nextVersion(t, env, source(t, env, filepath.Join(home, "next")))
	next = deadly(t, env, strings.TrimSuffix(next, "-startkit"))
	bare := filepath.Join(home, "bare")
	command{home, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=pg", "--dir", "bare"}}.run(t)
	full := filepath.Join(home, "full")
	command{home, env, startkit, []string{"new", "shop", "--module=example.com/shop", "--stack=pg,redis", "--dir", "full"}}.run(t)
	command{full, env, startkit, []string{"add", "domain", "billing", "--entity", "invoice"}}.run(t)
	commit(t, full, env, "billing")
	for _, c := range []struct {
		name, bin, from string
		every           int
		args            []string
	}{
		{"add a domain", here, bare, 13, []string{"add", "domain", "billing", "--entity", "invoice"}},
		{"add a feature", here, bare, 3, []string{"add", "redis"}},
		{"add a job", here, full, 1, []string{"add", "job", "send-reminder"}},
		{"remove a domain", here, full, 7, []string{"remove", "domain", "billing"}},
		{"update", next, full, 1, []string{"update", "--base-binary", startkit}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // they wait for the disk most of the time
			killing{home: t.TempDir(), env: env, bin: c.bin, from: c.from, every: c.every, args: c.args}.run(t)
		})
	}
}

// deadly builds the program of a source tree that kills itself where
// STARTKIT_DIES_AT says.
func deadly(t *testing.T, env []string, source string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "startkit")
	command{source, env, "go", []string{"build", "-tags=killpoints", "-o", bin, "./cmd/startkit"}}.run(t)
	return bin
}

// killing is a command that is killed again and again, each time in a fresh
// copy of a repository.
type killing struct {
	home string
	env  []string
	bin  string
	from string

	// every says which steps it is killed before: 1 for each of them.
	every int
	args  []string

	before, after map[string]string
}

// copy makes a fresh copy, and the command in it. The copy's files are links
// to those of the repository: a command that wrote into one, and not beside it,
// would change them both.
func (k killing) copy(t *testing.T, name string) command {
	t.Helper()
	dir := filepath.Join(k.home, name)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(k.from, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, strings.TrimPrefix(p, k.from))
		if d.IsDir() {
			return os.Mkdir(to, 0o755)
		}
		return os.Link(p, to)
	})
	if err != nil {
		t.Fatal(err)
	}
	return command{dir, k.env, k.bin, k.args}
}

func (k killing) run(t *testing.T) {
	whole := k.copy(t, "whole")
	k.before = contents(t, whole.dir)
	total := elapsed(t, whole)
	k.after = contents(t, whole.dir)
	times, torn := 0, 0
	for step := 1; ; step += k.every {
		c := k.copy(t, "killed")
		c.env = append(slices.Clone(k.env), fmt.Sprint("STARTKIT_DIES_AT=", step))
		out, err := c.try()
		if err == nil {
			break // it has no more steps
		}
		if out != "" {
			t.Fatalf("it was not killed before step %d: %v\n%s", step, err, out)
		}
		times++
		if k.mend(t, c.dir, fmt.Sprint("before step ", step)) {
			torn++
		}
	}
	for i := range moments {
		c := k.copy(t, "killed")
		killed(t, c, total*time.Duration(i)/moments)
		k.mend(t, c.dir, fmt.Sprintf("after %d/%d of a run", i, moments))
	}
	t.Logf("killed before %d changes of the disk, %d times between two files", times, torn)
	if torn == 0 {
		t.Error("no run was killed between two files")
	}
	if !maps.Equal(contents(t, k.from), k.before) {
		t.Error("a file was written into, and not beside")
	}
}

// mend runs the next command where one was killed, and checks what it finds and
// what it leaves. It says whether it found a part of the change.
func (k killing) mend(t *testing.T, dir, when string) (torn bool) {
	t.Helper()
	if got := contents(t, dir); !maps.Equal(got, k.before) && !maps.Equal(got, k.after) {
		torn = true
		if !journalled(dir) {
			t.Fatalf("killed %s, it left a mix and no journal", when)
		}
	}
	// What is gone already is not removed again, and that is refused.
	out, err := command{dir, k.env, k.bin, append(slices.Clone(k.args), "--force")}.try()
	if diff := cmp.Diff(k.after, contents(t, dir)); diff != "" {
		t.Fatalf("killed %s, it was not finished: %v\n%s\n%s", when, err, out, diff)
	}
	if journalled(dir) {
		t.Fatalf("killed %s, a journal is left", when)
	}
	return torn
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
