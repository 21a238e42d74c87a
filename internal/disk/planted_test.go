package disk

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestAJournalThatWasPlanted is a repository that brings a .startkit of its
// own making: cloned, and opened by the first command.
func TestAJournalThatWasPlanted(t *testing.T) {
	after := markOf(file("evil"))
	for name, tc := range map[string]struct {
		journal journal
		links   map[string]string
		refused bool
	}{
		"into git":      {journal{edition, []entry{{".git/hooks/pre-commit", nil, after}}, nil}, nil, true},
		"out":           {journal{edition, []entry{{"../out", nil, after}}, nil}, nil, true},
		"folders":       {journal{edition, []entry{{"a", nil, after}}, []string{"../out"}}, nil, true},
		"other edition": {journal{edition + 1, nil, nil}, nil, true},
		"through a link": {journal{edition, []entry{{"in/hooks/pre-commit", nil, after}}, nil},
			map[string]string{"in": ".git"}, false},
		"kept through a link": {journal{edition, []entry{{"there.txt", nil, after}}, nil},
			map[string]string{".startkit/kept": "../.git"}, false},
		"contents are a link": {journal{edition, []entry{{"secret", nil, after}}, nil},
			map[string]string{".startkit/new/0": "../../.git/config"}, false},
		"contents lie behind a link": {journal{edition, []entry{{"secret", nil, after}}, nil},
			map[string]string{".startkit/new": "../.git"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(scratch(t), "app")
			text, err := json.Marshal(tc.journal)
			if err != nil {
				t.Fatal(err)
			}
			lay(t, root, map[string]string{".git/config": "", ".git/0": "evil", "there.txt": "mine", ".startkit/new/0": "evil",
				".startkit/" + marker: "", ".startkit/" + forward: string(text)})
			for at, to := range tc.links {
				at = filepath.Join(root, at)
				if err := os.RemoveAll(at); err != nil {
					t.Fatal(err)
				}
				symlink(t, to, at)
			}
			outside := snapshot(t, root)
			got, err := Recover(root)
			if (err != nil) != tc.refused {
				t.Errorf("got %v, %v", got, err)
			}
			now := snapshot(t, root)
			for _, path := range []string{".", ".git", ".git/config", ".git/0", ".git/hooks", ".git/there.txt", "there.txt"} {
				if now[path] != outside[path] {
					t.Errorf("%s was %q and is %q", path, outside[path], now[path])
				}
			}
			if data, err := os.ReadFile(filepath.Join(root, "secret")); err == nil {
				t.Errorf("made a secret of %q", data)
			}
		})
	}
}

func TestABrokenJournalIsLeftAndNamed(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{".git/startkit/startkit.lock": "", ".git/startkit/journal": "{"})
	before := snapshot(t, root)
	_, err := Recover(root)
	if want := "read .git/startkit/journal: unexpected end of JSON input"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	same(t, "root", before, snapshot(t, root))
}

func TestRecoverLeavesAFolderOfThatNameAlone(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{".startkit/journal": "mine", ".git/startkit/journal": "mine"})
	before := snapshot(t, root)
	got, err := Recover(root)
	if err != nil || got.Outcome != Nothing {
		t.Error(got, err)
	}
	var foreign *ForeignError
	if err := Apply(root, scenes()[2].edits[3:5]); !errors.As(err, &foreign) {
		t.Errorf("Apply: got %v", err)
	}
	same(t, "root", before, snapshot(t, root))
}
