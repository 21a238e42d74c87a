//go:build !windows

package forge

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/tree"
)

// TestHowOftenGitIsStarted counts what the calls cost: the start of a process
// is most of it.
func TestHowOftenGitIsStarted(t *testing.T) {
	l := newLab(t).marked()
	real, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(l.home, "log")
	l.writeAt(filepath.Join(l.home, "bin", "git"), "#!/bin/sh\necho \"$@\" >>"+log+"\nexec "+real+" \"$@\"\n", 0o755)
	t.Setenv("PATH", filepath.Join(l.home, "bin")+":"+os.Getenv("PATH"))
	fresh := filepath.Join(l.home, "fresh")
	l.writeAt(filepath.Join(fresh, "a"), "", 0o644)
	for _, tc := range []struct {
		name string
		want int
		call func()
	}{
		{"init", 3, func() { _ = Init(t.Context(), fresh, "begin") }},
		{"dirty", 1, func() { _, _ = Dirty(t.Context(), l.dir, []string{"a.txt", "b.txt"}) }},
		{"conflict", 2, func() {
			_ = Conflict(t.Context(), l.dir, []Sides{{Path: "x", Ours: &tree.File{}}, {Path: "y", Ours: &tree.File{}}})
		}},
		{"no conflict", 0, func() { _ = Conflict(t.Context(), l.dir, nil) }},
		{"renames without a base", 1, func() { _, _ = Renames(t.Context(), l.dir, "nothing") }},
		{"no renames", 2, func() { _, _ = Renames(t.Context(), l.dir, "startkit.mod") }},
		{"no repository", 0, func() { _ = InsideRepository(t.Context(), l.home) }},
		{"user", 1, func() { _ = ConfigUser(t.Context(), l.dir) }},
	} {
		_ = os.Remove(log)
		tc.call()
		text, _ := os.ReadFile(log)
		if got := strings.Count(string(text), "\n"); got != tc.want {
			t.Errorf("%s: %d starts, want %d:\n%s", tc.name, got, tc.want, text)
		}
	}
}
