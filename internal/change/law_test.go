package change

import (
	"slices"
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/tree"
)

// makers make random cases by kind of file.
var makers = []struct {
	name string
	make func(seed int) trio
}{
	{"letters.txt", randomTrio},
	{"compose.yaml", randomCompose},
	{".env", randomEnv},
	{"app.go", randomGo},
}

func trees(name string, c trio) (base, ours, theirs tree.Tree) {
	of := func(s string) tree.Tree { return tree.Tree{name: {Data: []byte(s)}} }
	return of(c.base), of(c.ours), of(c.theirs)
}

// merged merges the case as the only file of a tree.
func merged(name string, c trio) (string, File) {
	base, ours, theirs := trees(name, c)
	f := Merge(base, ours, theirs, Options{}).Files[0]
	return string(f.After.Data), f
}

// everySeed runs a law on random cases of every kind.
func everySeed(t *testing.T, law func(t *testing.T, name string, seed int, c trio)) {
	for _, m := range makers {
		t.Run(m.name, func(t *testing.T) {
			for seed := range *seeds {
				law(t, m.name, seed, m.make(seed))
			}
		})
	}
}

func TestWhoAloneChangedHasIt(t *testing.T) {
	everySeed(t, func(t *testing.T, name string, seed int, c trio) {
		for _, k := range []struct {
			law  string
			c    trio
			want string
		}{
			{"ours is base: theirs", trio{c.base, c.base, c.theirs}, c.theirs},
			{"theirs is base: ours", trio{c.base, c.ours, c.base}, c.ours},
			{"nobody changed it", trio{c.base, c.base, c.base}, c.base},
			{"both made the same of it", trio{c.base, c.ours, c.ours}, c.ours},
		} {
			if got, _ := merged(name, k.c); got != k.want && !onlyEndings(got, k.want) {
				failWith(t, seed, k.c, "%s: %q, want %q", k.law, got, k.want)
			}
		}
	})
}

// onlyEndings says whether two files are the same but for their line endings:
// a tree leaves such a file as the user has it.
func onlyEndings(a, b string) bool { return string(unix([]byte(a))) == string(unix([]byte(b))) }

func TestNoLineOfTheUserIsLost(t *testing.T) {
	everySeed(t, func(t *testing.T, name string, seed int, c trio) {
		got, _ := merged(name, c)
		have := countLines(got)
		base := countLines(c.base)
		for words, n := range countLines(c.ours) {
			if lost := n - base[words] - have[words]; lost > 0 {
				failWith(t, seed, c, "%q is lost %d times in\n%s", words, lost, got)
			}
		}
	})
}

// countLines counts the lines by their words, white space aside.
func countLines(s string) map[string]int {
	count := map[string]int{}
	for line := range strings.Lines(s) {
		if words := strings.Join(strings.Fields(line), " "); words != "" {
			count[words]++
		}
	}
	return count
}

func TestTheSecondTimeChangesNothing(t *testing.T) {
	everySeed(t, func(t *testing.T, name string, seed int, c trio) {
		got, _ := merged(name, c)
		if again, _ := merged(name, trio{c.theirs, got, c.theirs}); again != got {
			failWith(t, seed, c, "first %q, then %q", got, again)
		}
	})
}

// A merge that was interrupted before its answers were saved is run again with
// the old base. Rows are then recognised; where lines repeat, as they do in Go,
// a comparison of lines may read the same text otherwise, and git's does.
func TestAMergeRunAgainWithTheOldBase(t *testing.T) {
	count := map[string]int{}
	everySeed(t, func(t *testing.T, name string, seed int, c trio) {
		got, f := merged(name, c)
		if f.Verdict == Conflicted {
			return
		}
		again, f := merged(name, trio{c.base, got, c.theirs})
		switch {
		case f.Verdict == Conflicted:
			count[name+": a quarrel"]++
		case again == got:
			count[name+": nothing changed"]++
		case name == "letters.txt" || name == "app.go":
			count[name+": read otherwise"]++
		default:
			failWith(t, seed, c, "first\n%s\nthen\n%s", got, again)
		}
	})
	t.Log(count)
}

// onlyAdds says whether theirs is base and more.
func onlyAdds(c trio) bool {
	n := numbers(read([]byte(c.base)), read([]byte(c.theirs)))
	return !slices.ContainsFunc(diff(n[0], n[1]), func(h hunk) bool { return !h.inserts() })
}

func TestWhatWasAddedCanBeRemoved(t *testing.T) {
	count := map[string]int{}
	everySeed(t, func(t *testing.T, name string, seed int, c trio) {
		got, f := merged(name, c)
		if f.Verdict == Conflicted || !onlyAdds(c) {
			return
		}
		again, f := merged(name, trio{c.theirs, got, c.base})
		switch {
		case f.Verdict == Conflicted:
			count[name+": a quarrel"]++
		case again == c.ours:
			count[name+": back"]++
		case name == "letters.txt" || name == "app.go":
			count[name+": read otherwise"]++
		default:
			failWith(t, seed, c, "merged\n%s\nback to\n%s", got, again)
		}
	})
	t.Log(count)
}
