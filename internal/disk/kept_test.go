package disk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/tree"
)

// TestWhatItsOwnerChangedMeanwhileIsLeftAlone kills Apply at every step, lets
// the owner write to one of the paths, and recovers.
func TestWhatItsOwnerChangedMeanwhileIsLeftAlone(t *testing.T) {
	s := scenes()[0]
	old, new := s.states(t)
	stride := 1
	if testing.Short() {
		stride = 7
	}
	for _, e := range s.edits {
		for _, save := range []func(testing.TB, string) bool{overwrite, replace, remove} {
			for n := 1; ; n += stride {
				root := s.set(t)
				count := failing(t, n, true)
				_ = Apply(root, s.edits)
				step = nil
				was := snapshot(t, root)[e.Path]
				if !save(t, filepath.Join(root, e.Path)) {
					break // a folder is there
				}
				_, err := os.Lstat(filepath.Join(root, gitHome, forward))
				half := err == nil && (e.After == nil || was != new[e.Path])
				ownerWins(t, cutShort{root, e, half}, old, new)
				if *count < n || t.Failed() {
					break
				}
			}
		}
	}
}

const ownWords = "the owner's own words"

// overwrite writes into the file, as an editor that keeps the inode.
func overwrite(t testing.TB, path string) bool {
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		return false
	}
	if info, err := os.Lstat(filepath.Dir(path)); err == nil && !info.IsDir() {
		return false
	}
	if os.MkdirAll(filepath.Dir(path), 0o755) != nil {
		return false // a file is there
	}
	if err := os.WriteFile(path, []byte(ownWords), 0o644); err != nil {
		t.Fatal(err)
	}
	return true
}

// replace puts another file in its place, as an editor that saves by rename.
func replace(t testing.TB, path string) bool {
	if info, err := os.Lstat(path); err == nil && !info.IsDir() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	return overwrite(t, path)
}

// remove puts a link to elsewhere in its place.
func remove(t testing.TB, path string) bool {
	if !replace(t, path) || os.Remove(path) != nil {
		return false
	}
	if err := os.Symlink("/nonexistent", path); err != nil {
		t.Fatal(err)
	}
	return true
}

// cutShort is a repository in which a run was killed, and one of its edits.
type cutShort struct {
	root string
	edit tree.Edit
	half bool // the journal stands, and the edit was not made yet
}

// ownerWins recovers and checks that the owner's version of e.Path is there,
// startkit's is kept, and all else is old or new.
func ownerWins(t *testing.T, k cutShort, old, new map[string]string) {
	t.Helper()
	root, e, half := k.root, k.edit, k.half
	mine := snapshot(t, root)[e.Path]
	got, err := Recover(root)
	if err != nil {
		t.Fatal(err)
	}
	now := snapshot(t, root)
	if now[e.Path] != mine {
		t.Errorf("%s: the owner wrote %q, and it is %q", e.Path, mine, now[e.Path])
	}
	var want []Kept
	if half && !markOf(e.Before).same(markOf(e.After)) {
		want = []Kept{{Path: e.Path}}
		if e.After != nil {
			want[0].Saved = ".git/startkit/kept/" + e.Path
			if data, err := os.ReadFile(filepath.Join(root, want[0].Saved)); err != nil || string(data) != string(e.After.Data) {
				t.Errorf("%s holds %q, %v", want[0].Saved, data, err)
			}
		}
	}
	if second := displaced[e.Path]; half && second != "" {
		want = append(want, Kept{second, ".git/startkit/kept/" + second})
	}
	if diff := cmp.Diff(want, got.Kept); diff != "" {
		t.Errorf("%s, %s: %s", e.Path, got.Outcome, diff)
	}
	rest := new
	if got.Outcome == Undone || got.Outcome == Nothing && !equalBut(now, new, e.Path) {
		rest = old
	}
	if !equalBut(now, rest, e.Path) {
		same(t, e.Path+": "+got.Outcome.String(), rest, withoutHome(now))
	}
	again, err := Recover(root)
	if err != nil || again.Outcome != Nothing {
		t.Errorf("a second Recover: %v, %v", again, err)
	}
}

// displaced has no place where the owner's version of another path stands.
var displaced = map[string]string{"shape": "shape/now/folder.txt", "dir/one/a.txt": "dir", "dir/b.txt": "dir"}

// equalBut compares all files, but not the one at path; folders above it may
// come and go.
func equalBut(now, want map[string]string, path string) bool {
	strip := func(all map[string]string) map[string]string {
		rest := withoutHome(all)
		for name := range rest {
			if name == path || name == displaced[path] || strings.HasPrefix(name, path+"/") {
				delete(rest, name)
			}
		}
		for _, dir := range parents(path) {
			delete(rest, dir)
		}
		return rest
	}
	return equal(strip(now), strip(want))
}
