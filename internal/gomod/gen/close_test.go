package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// TestPinClosesTheCatalogue pins the module of a package that only a test
// needs, and raises a row to what the graph selects.
func TestPinClosesTheCatalogue(t *testing.T) {
	f, err := modfile.Parse("go.mod", []byte("module m\n\nrequire (\n\tcheck.com v1.0.0 // indirect\n\tweb.com v1.2.0\n)\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &loader{
		roots: map[string]string{"web.com": "v1.2.0", "check.com": "v1.0.0"},
		graph: graph{Selected: map[string]string{"web.com": "v1.2.0", "check.com": "v1.10.0", "yaml.com": "v3.0.0"}},
		pkgs: map[string]*pkg{
			"web.com":     {mod: module.Version{Path: "web.com", Version: "v1.2.0"}},
			"yaml.com":    {mod: module.Version{Path: "yaml.com", Version: "v3.0.0"}},
			"nowhere.com": nil,
		},
	}
	if !pin(f, l) {
		t.Error("nothing moved")
	}
	got := map[string]bool{}
	for _, r := range f.Require {
		got[r.Mod.String()] = !r.Indirect
	}
	want := map[string]bool{"check.com@v1.10.0": false, "web.com@v1.2.0": true, "yaml.com@v3.0.0": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("direct by version (-want +got):\n%s", diff)
	}

	l.roots = map[string]string{"web.com": "v1.2.0", "check.com": "v1.10.0", "yaml.com": "v3.0.0"}
	if pin(f, l) {
		t.Error("something moved in a closed catalogue")
	}
	if err := lost(l); err == nil || err.Error() != "no module of the catalogue provides package nowhere.com" {
		t.Errorf("got %v", err)
	}
}
