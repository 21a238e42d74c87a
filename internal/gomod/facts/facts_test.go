package facts_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

const text = `go 1.26.0
toolchain go1.26.8
package example.com/web/sub example.com/web
	needs example.com/text
	needs example.com/web
	tests example.com/check 2
	beside example.com/check example.com
	rival example.com/check example.com v0.1.0
module example.com/text v0.3.0
module example.com/web v1.2.0
	names example.com/check v1.9.0
	reads example.com/spew v1.1.0
sum example.com/web v1.2.0 h1:web=
sum example.com/web v1.2.0/go.mod h1:mod=
sum example.com/web v1.12.0 h1:later=
`

func TestParseReadsEveryKindOfFact(t *testing.T) {
	got, err := facts.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	want := &facts.Facts{
		Go:        "1.26.0",
		Toolchain: "go1.26.8",
		Packages: map[string]facts.Package{"example.com/web/sub": {
			Module: "example.com/web",
			Needs:  []string{"example.com/text", "example.com/web"},
			Tests:  []facts.Test{{Module: "example.com/check", Level: 2}},
			Beside: []facts.Beside{{Module: "example.com/check", Prefix: "example.com"}},
			Rivals: []facts.Rival{{Module: "example.com/check", Version: version("example.com", "v0.1.0")}},
		}},
		Modules: map[string]facts.Module{
			"example.com/text": {Version: "v0.3.0"},
			"example.com/web": {
				Version: "v1.2.0",
				Names:   []module.Version{version("example.com/check", "v1.9.0")},
				Reads:   []module.Version{version("example.com/spew", "v1.1.0")},
			},
		},
		Sums: map[module.Version]string{
			version("example.com/web", "v1.2.0"):        "h1:web=",
			version("example.com/web", "v1.2.0/go.mod"): "h1:mod=",
			version("example.com/web", "v1.12.0"):       "h1:later=",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(text, string(got.Format())); diff != "" {
		t.Errorf("formatted anew (-want +got):\n%s", diff)
	}
}

func version(path, version string) module.Version {
	return module.Version{Path: path, Version: version}
}

func TestParseRefusesWhatIsNoFact(t *testing.T) {
	for _, line := range []string{
		"", "go", "module", "modules a v1", "\tneeds a", "sum a v1.0.0",
		"package a a\n\tnames a v1", "package a a\n\tneeds", "package a a\n\ttests a", "package a a\n\ttests a one",
		"package a a\n\trival a b", "module a v1.0.0\n\tneeds a", "go 1.26.0\n\treads a v1.0.0", "module a v1.0.0\ngo 1.26.0\n\treads a v1.0.0",
	} {
		if f, err := facts.Parse("go 1.26.0\n" + line + "\n"); err == nil {
			t.Errorf("%q: got %+v and no error", line, f)
		}
	}
}

func TestParseNamesTheLine(t *testing.T) {
	_, err := facts.Parse("go 1.26.0\ntoolchain go1.26.8\nnonsense a\n")
	if err == nil || !strings.Contains(err.Error(), `line 3: "nonsense a"`) {
		t.Errorf("got %v", err)
	}
}

// TestEmbeddedFactsAreAsFormatWrites sees to it that nobody edits them by hand
// in another form than a renewal would leave.
func TestEmbeddedFactsAreAsFormatWrites(t *testing.T) {
	want, err := os.ReadFile("../facts.txt")
	if err != nil {
		t.Fatal(err)
	}
	f, err := facts.Parse(string(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(f.Format())); diff != "" {
		t.Errorf("(-file +formatted):\n%s", diff)
	}
}
