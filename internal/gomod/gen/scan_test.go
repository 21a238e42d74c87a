package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScanSeesWhatTidySees(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"a.go":          "package a\nimport (\n\t\"fmt\"\n\t\"b.com/x\"\n)\n",
		"a_plan9.go":    "package a\nimport \"b.com/plan9\"\n",
		"b.go":          "//go:build never\n\npackage a\nimport (\n\t\"b.com/x\"\n\t\"b.com/never\"\n)\n",
		"gen.go":        "//go:build ignore\n\npackage main\nimport \"b.com/ignored\"\n",
		"_c.go":         "package a\nimport \"b.com/underscore\"\n",
		".d.go":         "package a\nimport \"b.com/dot\"\n",
		"a_test.go":     "package a_test\nimport (\n\t\"testing\"\n\t\"b.com/test\"\n)\n",
		"notes.txt":     "import \"b.com/text\"\n",
		"sub/s.go":      "package sub\nimport \"b.com/sub\"\n",
		"strange.go":    "package a\nimport (\n\t\"C\"\n\t\"./local\"\n\t\"b.com/with space\"\n)\n",
		"dir.go/inside": "",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	imports, tests, err := scan(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b.com/never", "b.com/plan9", "b.com/x"}, imports); diff != "" {
		t.Errorf("imports (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"b.com/test"}, tests); diff != "" {
		t.Errorf("tests (-want +got):\n%s", diff)
	}
}
