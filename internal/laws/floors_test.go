// Package laws holds the laws of startkit's own code as tests: which room may
// import which, how large a file may grow, and that what the documents list is
// what the code knows.
package laws

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/startkit/startkit/"

// floors lists the rooms from the ground up. A room imports from floors below
// its own, and from its own only where beside says so.
var floors = []struct {
	name   string
	rooms  []string
	beside bool
}{
	{"nouns", []string{"internal/answers", "internal/tree", "internal/fault", "templates"}, false},
	{"head", []string{"internal/manifest", "internal/name", "internal/gomod/facts", "internal/gomod", "internal/catalog", "internal/plan", "internal/render", "internal/change", "internal/secret"}, true},
	{"hands", []string{"internal/ask", "internal/disk", "internal/forge", "internal/past"}, false},
	{"flow", []string{"internal/flow"}, false},
	{"cli", []string{"internal/cli"}, false},
	{"main", []string{"cmd/startkit"}, false},
}

// outside are the packages that the head and the nouns may not reach by their
// own imports: with them a render could depend on more than its answers.
var outside = []string{"os", "os/exec", "net", "net/http", "time", "math/rand", "math/rand/v2", "crypto/rand", "syscall"}

// excused are imports that look like a breach and are none.
var excused = map[string]string{
	"internal/catalog time": "parses durations; reads no clock",
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

func floorOf(room string) int {
	return slices.IndexFunc(floors, func(f struct {
		name   string
		rooms  []string
		beside bool
	}) bool {
		return slices.Contains(f.rooms, room)
	})
}

// breaches returns what is wrong with the imports of the packages.
func breaches(list []pkg) (bad []string) {
	for _, p := range list {
		room := strings.TrimPrefix(p.ImportPath, module)
		if room == "internal/laws" || strings.HasPrefix(room, "internal/proof") || strings.HasPrefix(room, "internal/gomod/gen") {
			continue
		}
		from := floorOf(room)
		if from < 0 {
			bad = append(bad, room+" stands on no floor")
			continue
		}
		for _, imp := range p.Imports {
			bad = append(bad, breach(room, from, imp)...)
		}
	}
	return bad
}

func breach(room string, from int, imp string) []string {
	other, own := strings.CutPrefix(imp, module)
	if !own {
		pure := from <= 1 && slices.Contains(outside, imp) && excused[room+" "+imp] == ""
		if pure {
			return []string{room + " imports " + imp + ": head and nouns touch nothing outside"}
		}
		return nil
	}
	to := floorOf(other)
	hand, head := floors[from].name == "hands", to >= 0 && floors[to].name == "head"
	if to < 0 || to > from || to == from && !floors[from].beside || hand && head {
		return []string{room + " imports " + other + ": imports run downwards, and hands and head do not know each other"}
	}
	return nil
}

func TestImportsRunDownwards(t *testing.T) {
	for _, b := range breaches(packages(t)) {
		t.Error(b)
	}
}

func TestABreachIsSeen(t *testing.T) {
	for room, imp := range map[string]string{
		"internal/render": "os", "internal/tree": module + "internal/plan", "internal/disk": module + "internal/change",
		"internal/plan": module + "internal/flow", "internal/ask": module + "internal/disk", "internal/new": "fmt",
	} {
		if len(breaches([]pkg{{ImportPath: module + room, Imports: []string{imp}}})) != 1 {
			t.Errorf("%s may import %s", room, path.Base(imp))
		}
	}
}
