package change

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var seeds = flag.Int("seeds", 2000, "how many random cases the property tests try")

// trio is a random case: three versions of a file.
type trio struct{ base, ours, theirs string }

// randomTrio makes a small file of few different lines, so that lines repeat
// and edits meet, and edits it twice.
func randomTrio(seed int) trio {
	r := rand.New(rand.NewPCG(uint64(seed), 7))
	letters := 2 + r.IntN(12)
	base := make([]string, r.IntN(14))
	for i := range base {
		base[i] = letter(r, letters)
	}
	ours, theirs := edited(r, base, letters), edited(r, base, letters)
	ending := "\n"
	if r.IntN(5) == 0 {
		ending = "\r\n"
	}
	return trio{joinLines(r, base, ending), joinLines(r, ours, ending), joinLines(r, theirs, ending)}
}

// longTrio makes a file of some hundred lines, of few letters or of many, and
// rewrites up to all of it.
func longTrio(seed int) trio {
	r := rand.New(rand.NewPCG(uint64(seed), 13))
	letters := 2 + r.IntN(r.IntN(300)+1)
	base := make([]string, 100+r.IntN(1500))
	for i := range base {
		base[i] = letter(r, letters)
	}
	ours, theirs := base, base
	for range r.IntN(1 + len(base)/(1+r.IntN(40))) {
		if r.IntN(2) == 0 {
			ours = edited(r, ours, letters)
		} else {
			theirs = edited(r, theirs, letters)
		}
	}
	return trio{joinLines(r, base, "\n"), joinLines(r, ours, "\n"), joinLines(r, theirs, "\n")}
}

func letter(r *rand.Rand, letters int) string {
	return string(rune('a' + r.IntN(letters)%500))
}

// edited inserts, deletes and replaces a few lines.
func edited(r *rand.Rand, lines []string, letters int) []string {
	out := append([]string{}, lines...)
	for range r.IntN(4) {
		at := r.IntN(len(out) + 1)
		end := min(len(out), at+r.IntN(3))
		var with []string
		for range r.IntN(3) {
			with = append(with, letter(r, letters+2))
		}
		out = append(out[:at:at], append(with, out[end:]...)...)
	}
	return out
}

func joinLines(r *rand.Rand, lines []string, ending string) string {
	s := ""
	for _, l := range lines {
		s += l + ending
	}
	if r.IntN(8) == 0 {
		s = strings.TrimSuffix(s, ending)
	}
	return s
}

// archive prints the case so that it can be put into testdata as it is.
func (c trio) archive(comment string) string {
	return string(txtar.Format(&txtar.Archive{
		Comment: []byte(comment + "\n"),
		Files: []txtar.File{
			{Name: "base", Data: []byte(c.base)},
			{Name: "ours", Data: []byte(c.ours)},
			{Name: "theirs", Data: []byte(c.theirs)},
		},
	}))
}

func failWith(t *testing.T, seed int, c trio, format string, args ...any) {
	t.Helper()
	t.Fatalf("seed %d: %s\n%s%q", seed, fmt.Sprintf(format, args...), c.archive(""), c)
}
