package disk

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestListKeepsToTheModulesOwnCode(t *testing.T) {
	root := scratch(t)
	lay(t, root, map[string]string{
		"main.go": "", "a/b/c.go": "", "a/b/c.txt": "", ".git/x.go": "", "_old/x.go": "", "vendor/x.go": "",
		"a/testdata/x.go": "", "web/node_modules/x.go": "", "tools/go.mod": "", "tools/x.go": "", "go.mod": "",
	})
	symlink(t, "main.go", filepath.Join(root, "link.go"))
	symlink(t, "a", filepath.Join(root, "alias"))
	got, err := List(root, ".go")
	if diff := cmp.Diff([]string{"a/b/c.go", "main.go"}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
