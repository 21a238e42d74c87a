package laws

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// attacks splits a file of Go tests into its tests.
var attacks = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// make attack runs what is named so, and prints what the two attributes say.
func TestAnAttackIsNamedSoAndSaysWhatItTried(t *testing.T) {
	golden, found := os.DirFS("../../golden"), 0
	err := fs.WalkDir(golden, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(golden, path)
		at := attacks.FindAllSubmatchIndex(text, -1)
		for i, m := range at {
			end := len(text)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			name, body := string(text[m[2]:m[3]]), string(text[m[0]:end])
			named := strings.HasPrefix(name, "TestAttack")
			tried, stopped := strings.Contains(body, `t.Attr("tried"`), strings.Contains(body, `t.Attr("stopped"`)
			if tried != named || stopped != named {
				t.Errorf("golden/%s: %s: named an attack %t, says what was tried %t, and what stopped it %t", path, name, named, tried, stopped)
			}
			if named {
				found++
			}
		}
		return err
	})
	if err != nil || found == 0 {
		t.Errorf("%d attacks, error %v", found, err)
	}
}
