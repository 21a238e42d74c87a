package change

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// gitMerge runs git merge-file and says whether it found no conflict.
func gitMerge(t *testing.T, dir string, c trio, flags ...string) (string, bool) {
	t.Helper()
	args := append([]string{"merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs"}, flags...)
	for _, v := range []struct{ name, text string }{{"ours", c.ours}, {"base", c.base}, {"theirs", c.theirs}} {
		p := filepath.Join(dir, v.name)
		if err := os.WriteFile(p, []byte(v.text), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, p)
	}
	out, err := exec.Command("git", args...).Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), err == nil
}

// unended says whether a file has a last line without an ending. Git takes
// such a line for another one than the same line with its ending.
func (c trio) unended() bool {
	for _, s := range []string{c.base, c.ours, c.theirs} {
		if s != "" && !strings.HasSuffix(s, "\n") {
			return true
		}
	}
	return false
}

func strictly(c trio) Result {
	return newMerge(read([]byte(c.base)), read([]byte(c.ours)), read([]byte(c.theirs)), plain, true).result()
}

func TestStrictMergeIsCleanWhereGitIs(t *testing.T) {
	dir := t.TempDir()
	count := map[string]int{}
	for seed := range *seeds / 5 {
		c := randomTrio(seed)
		r := strictly(c)
		got, _ := r.Write(Labels{Ours: "ours", Theirs: "theirs"})
		want, clean := gitMerge(t, dir, c)
		switch {
		case clean && string(got) == want:
			count["clean, the same text"]++
		case clean:
			failWith(t, seed, c, "git is clean: %q\nwe are not: %q", want, got)
		case r.Clean() && c.unended():
			count["conflict of git over the last line's ending"]++
		case r.Clean():
			failWith(t, seed, c, "git quarrels: %q\nwe do not: %q", want, got)
		case string(got) == want:
			count["conflict, the same text"]++
		default:
			count["conflict, marked otherwise"]++
		}
	}
	t.Log(count)
}

func TestMergeIsCleanWhereGitIs(t *testing.T) {
	dir := t.TempDir()
	count := map[string]int{}
	for seed := range *seeds / 5 {
		c := randomTrio(seed)
		m := newMerge(read([]byte(c.base)), read([]byte(c.ours)), read([]byte(c.theirs)), plain, false)
		r := mergeText([]byte(c.base), []byte(c.ours), []byte(c.theirs), plain)
		got, _ := r.Write(Labels{Ours: "ours", Theirs: "theirs"})
		want, clean := gitMerge(t, dir, c)
		eased := slices.ContainsFunc(m.chunks, func(c chunk) bool { return c.eased })
		switch {
		case clean && string(got) == want:
			count["clean, the same text"]++
		case clean:
			failWith(t, seed, c, "git is clean: %q\nwe are not: %q", want, got)
		case r.Clean() && eased:
			count["conflict of git, eased by a rule"]++
		case r.Clean() && c.unended():
			count["conflict of git over the last line's ending"]++
		case r.Clean():
			failWith(t, seed, c, "git quarrels: %q\nwe do not, by no rule: %q", want, got)
		default:
			count["conflict"]++
		}
	}
	t.Log(count)
}
