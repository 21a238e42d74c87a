package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"
)

// mods holds the requirements of module versions by name: "a@1" requires b@1.
// A name with a star is unpruned.
type mods map[string]string

func (m mods) read(v module.Version) (modFile, error) {
	for _, star := range []string{"", "*"} {
		if list, ok := m[v.String()+star]; ok {
			return modFile{Unpruned: star != "", Require: versionList(list)}, nil
		}
	}
	return modFile{}, fmt.Errorf("is not there")
}

func versionList(list string) (out []module.Version) {
	for _, name := range strings.Fields(list) {
		path, version, _ := strings.Cut(name, "@")
		out = append(out, module.Version{Path: path, Version: version})
	}
	return out
}

func TestWalkStopsBelowAPrunedRoot(t *testing.T) {
	m := mods{"web@v1.2.0": "text@v0.3.0 check@v1.8.0", "text@v0.3.0": "check@v1.9.0"}
	expect(t, m, "web@v1.2.0", "web@v1.2.0", map[string]string{"web": "v1.2.0", "text": "v0.3.0", "check": "v1.8.0"})
}

func TestWalkReadsEveryRoot(t *testing.T) {
	m := mods{"web@v1.2.0": "text@v0.3.0 check@v1.8.0", "text@v0.3.0": "check@v1.9.0"}
	expect(t, m, "web@v1.2.0 text@v0.3.0", "web@v1.2.0 text@v0.3.0",
		map[string]string{"web": "v1.2.0", "text": "v0.3.0", "check": "v1.9.0"})
}

func TestWalkFollowsAnUnprunedRootAllTheWay(t *testing.T) {
	m := mods{
		"old@v0.9.0*": "text@v0.3.0", "text@v0.3.0": "check@v1.3.0", "check@v1.3.0": "spew@v1.1.0",
		"spew@v1.1.0*": "old@v0.8.0", "old@v0.8.0*": "spew@v1.1.0",
	}
	expect(t, m, "old@v0.9.0", "old@v0.9.0 text@v0.3.0 check@v1.3.0 spew@v1.1.0 old@v0.8.0",
		map[string]string{"old": "v0.9.0", "text": "v0.3.0", "check": "v1.3.0", "spew": "v1.1.0"})
}

// A pruned root that is also reached from an unpruned one is read twice: the
// second time its own requirements are followed.
func TestWalkFollowsARootBelowAnUnprunedOne(t *testing.T) {
	m := mods{"text@v0.3.0": "check@v1.3.0", "old@v0.9.0*": "text@v0.3.0", "check@v1.3.0": ""}
	expect(t, m, "text@v0.3.0 old@v0.9.0", "text@v0.3.0 old@v0.9.0 check@v1.3.0",
		map[string]string{"old": "v0.9.0", "text": "v0.3.0", "check": "v1.3.0"})
}

func TestWalkDoesNotFollowAnUnprunedModuleBelowAPrunedOne(t *testing.T) {
	m := mods{"web@v1.2.0": "old@v0.9.0", "old@v0.9.0*": "spew@v1.1.0"}
	expect(t, m, "web@v1.2.0", "web@v1.2.0", map[string]string{"web": "v1.2.0", "old": "v0.9.0"})
}

func TestWalkComparesVersionsByPrecedence(t *testing.T) {
	m := mods{"a@v1.0.0": "c@v1.10.0", "b@v1.0.0": "c@v1.9.0"}
	expect(t, m, "a@v1.0.0 b@v1.0.0", "a@v1.0.0 b@v1.0.0", map[string]string{"a": "v1.0.0", "b": "v1.0.0", "c": "v1.10.0"})
}

func TestWalkNamesTheModuleThatCannotBeRead(t *testing.T) {
	_, err := walk(versionList("web@v1.2.0"), mods{}.read)
	if err == nil || err.Error() != "read the go.mod of web@v1.2.0: is not there" {
		t.Errorf("got %v", err)
	}
}

func expect(t *testing.T, m mods, roots, read string, selected map[string]string) {
	t.Helper()
	got, err := walk(versionList(roots), m.read)
	if err != nil {
		t.Fatal(err)
	}
	want := graph{map[module.Version]bool{}, selected}
	for _, v := range versionList(read) {
		want.Read[v] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
