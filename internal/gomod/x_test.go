package gomod_test

import (
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/gomod"
)

func TestX(t *testing.T) {
	e := entries(t)
	s := func(l ...string) (map[string]bool, gomod.Files) {
		f, _ := gomod.Solve(gomod.Module{Path: "x.y/z", Imports: l})
		m := map[string]bool{}
		for l := range strings.Lines(string(f.Mod) + string(f.Sum)) {
			m[strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(l, "// indirect", ""), "require", ""))] = true
		}
		return m, f
	}
	n, d := 0, 0
	for _, a := range e {
		ma, _ := s(a)
		for _, b := range e {
			mb, _ := s(a, b)
			n++
			for l := range ma {
				if !mb[l] && l != "(" && l != ")" {
					d++
					t.Log(a, b, l)
				}
			}
		}
	}
	t.Log(n, d)
}
