package disk

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// kills is how many processes each test kills at a random moment.
func kills(t *testing.T) int {
	if testing.Short() {
		return 20
	}
	return 250
}

func TestANewRepositoryThatIsKilledAtAnyStepIsWholeOrNotThere(t *testing.T) {
	for _, there := range []bool{false, true} {
		whole := snapshot(t, wholeNew(t))
		for n := 1; ; n++ {
			parent := scratch(t)
			target := filepath.Join(parent, "app")
			lay(t, parent, map[string]string{"neighbour.txt": "not ours"})
			if there && os.Mkdir(target, 0o755) != nil {
				t.Fatal("no folder")
			}
			err := helper(t, "stage", target, n).Run()
			wholeOrVacant(t, target, there, whole)
			again(t, parent, target, whole)
			if err == nil {
				break
			}
		}
	}
}

func wholeNew(t testing.TB) string {
	t.Helper()
	target := filepath.Join(scratch(t), "app")
	if err := make1(target, generated()); err != nil {
		t.Fatal(err)
	}
	return target
}

// wholeOrVacant checks that the target is all there, or as it was.
func wholeOrVacant(t testing.TB, target string, there bool, whole map[string]string) {
	t.Helper()
	if _, err := os.Lstat(target); err != nil && !there {
		return
	}
	if now := snapshot(t, target); len(now) > 1 || !there {
		same(t, "target", whole, now)
	}
}

// again checks that the next run succeeds, or finds the target whole, and that
// nothing is left beside it in either case.
func again(t testing.TB, parent, target string, whole map[string]string) {
	t.Helper()
	_ = make1(target, generated())
	want := map[string]string{".": "drwxr-xr-x", "app": "drwxr-xr-x", "neighbour.txt": "-rw-r--r-- not ours"}
	for name, text := range whole {
		if name != "." {
			want["app/"+name] = text
		}
	}
	got := snapshot(t, parent)
	want["."] = got["."]
	same(t, "after the next run", want, got)
}

// moment picks when to kill: within the time that three rounds of f take here.
func moment(f func()) func() time.Duration {
	start := time.Now()
	f()
	span := 3*time.Since(start) + time.Millisecond
	return func() time.Duration { return rand.N(span) }
}

func TestNewRepositoriesSurviveRandomKills(t *testing.T) {
	var whole map[string]string
	after := moment(func() { whole = snapshot(t, wholeNew(t)) })
	for range kills(t) {
		parent := scratch(t)
		killed(t, "stages", parent, after())
		entries, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		for _, entry := range entries {
			if strings.HasPrefix(entry.Name(), ".") {
				left++
				continue
			}
			same(t, entry.Name(), whole, snapshot(t, filepath.Join(parent, entry.Name())))
		}
		if left > 1 {
			t.Errorf("%d folders are left of one killed run", left)
		}
		_ = make1(filepath.Join(parent, strconv.Itoa(len(entries)-left)), generated())
		_ = os.RemoveAll(parent)
	}
}

func TestEditsThatAreKilledAtAnyStepAreAllThereOrNone(t *testing.T) {
	s := scenes()[0]
	old, new := s.states(t)
	for n := 1; ; n++ {
		root := s.set(t)
		err := helper(t, "apply", root, n).Run()
		got, err2 := Recover(root)
		if err2 != nil {
			t.Fatal(err2)
		}
		oneOf(t, got, snapshot(t, root), old, new)
		if err == nil {
			break
		}
	}
}

func TestEditsSurviveRandomKills(t *testing.T) {
	s := scenes()[0]
	var old, new map[string]string
	after := moment(func() { old, new = s.states(t) })
	root := s.set(t)
	seen := map[Outcome]int{}
	for range kills(t) {
		killed(t, "applies", root, after())
		got, err := Recover(root)
		if err != nil {
			t.Fatal(err)
		}
		seen[got.Outcome]++
		now := snapshot(t, root)
		if !equal(now, old) && !equal(now, new) || got.Kept != nil {
			same(t, got.Outcome.String()+", against the new", new, now)
			t.FailNow()
		}
	}
	t.Log(seen)
}
