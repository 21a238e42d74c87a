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

// againstGit runs random cases through git and through both merges, and counts
// how they went. There are fewer than in the other tests: git takes its time.
func againstGit(t *testing.T, cases int, make func(seed int) trio) {
	dir := t.TempDir()
	count := map[string]int{}
	for seed := range cases {
		c := make(seed)
		base, ours, theirs := read([]byte(c.base)), read([]byte(c.ours)), read([]byte(c.theirs))
		want, clean := gitMerge(t, dir, c)

		strict := prepare(base, ours, theirs, plain).compare(true).result()
		text, _ := strict.Write(Labels{Ours: "ours", Theirs: "theirs"})
		if strict.Clean() != clean {
			failWith(t, seed, c, "git clean: %v, strict: %v\n%q\n%q", clean, strict.Clean(), want, text)
		}
		if clean && string(text) != want {
			failWith(t, seed, c, "git's text:\n%q\nstrict:\n%q", want, text)
		}

		r := mergeText([]byte(c.base), []byte(c.ours), []byte(c.theirs), plain)
		got, _ := r.Write(Labels{Ours: "ours", Theirs: "theirs"})
		switch {
		case clean && string(got) == want:
			count["clean, the same text"]++
		case clean:
			failWith(t, seed, c, "git is clean:\n%q\nwe are not:\n%q", want, got)
		case !r.Clean() && string(text) == want:
			count["conflict, by the strict merge in git's words"]++
		case !r.Clean():
			count["conflict, marked otherwise"]++
		case eased(prepare(base, ours, theirs, plain).compare(false)):
			count["conflict of git, eased by a rule of doc.go"]++
		case eased(prepare(anyEnding(base), anyEnding(ours), anyEnding(theirs), plain).compare(false)):
			count["conflict of git, eased by a rule, endings aside"]++
		case c.unended():
			count["conflict of git over the ending of the last line"]++
		default:
			failWith(t, seed, c, "git quarrels:\n%q\nwe do not, by no rule:\n%q", want, got)
		}
	}
	t.Log(count)
}

func eased(m *merge) bool {
	return slices.ContainsFunc(m.chunks, func(c chunk) bool { return c.eased })
}

func TestMergeIsCleanWhereGitIs(t *testing.T) { againstGit(t, *seeds/4, randomTrio) }

func TestMergeOfLongFilesIsCleanWhereGitIs(t *testing.T) { againstGit(t, *seeds/40, longTrio) }

// git merge-file --diff3 does not narrow a conflict; it finds the same ones.
func TestGitsOtherStyleAgrees(t *testing.T) {
	dir := t.TempDir()
	for seed := range *seeds / 20 {
		c := randomTrio(seed)
		strict := prepare(read([]byte(c.base)), read([]byte(c.ours)), read([]byte(c.theirs)), plain).compare(true).result()
		text, _ := strict.Write(Labels{})
		want, clean := gitMerge(t, dir, c, "--diff3")
		if clean && string(text) != want {
			failWith(t, seed, c, "git's text:\n%q\nours:\n%q", want, text)
		}
	}
}
