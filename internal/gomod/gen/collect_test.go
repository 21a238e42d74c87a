package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/gomod/facts"
)

func made(path, mod string) *pkg {
	return &pkg{path: path, mod: module.Version{Path: mod, Version: "v1.0.0"}}
}

// TestLevelsAreCountedFromTheTest builds a web that imports text, with tests
// that import check/assert, which imports check/yaml and, two steps away, text
// again. Text's test imports check/yaml itself, and a package of text that
// nothing else does. What tests of tests import is not loaded.
func TestLevelsAreCountedFromTheTest(t *testing.T) {
	web, text := made("web/v1", "web"), made("text", "text")
	assert, diff := made("check/assert", "check"), made("diff", "diff")
	yaml, deep := made("yaml", "yaml"), made("deep", "deep")
	web.imports, web.tests = []*pkg{text}, []*pkg{assert}
	text.tests = []*pkg{yaml, made("text/extra", "text")}
	assert.imports, assert.tests = []*pkg{yaml, diff}, []*pkg{made("lost", "lost")}
	diff.imports = []*pkg{text, deep}
	deep.imports = []*pkg{made("check/internal", "check")}

	l := &loader{}
	got := l.describe(web, bring(web), nil)
	want := facts.Package{
		Module: "web",
		Needs:  []string{"text", "web"},
		Tests: []facts.Test{
			{Module: "check", Level: 1}, {Module: "deep", Level: 3}, {Module: "diff", Level: 2}, {Module: "yaml", Level: 1},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVersionsAreThoseThatSomeSubsetSelects(t *testing.T) {
	got := possibleVersions(&facts.Facts{Modules: map[string]facts.Module{
		"a": {Version: "v1.2.0", Names: versionList("cloud@v0.1.0 b@v0.9.0")},
		"b": {Version: "v1.0.0", Names: versionList("cloud@v0.2.0")},
		"c": {Version: "v1.0.0", Names: versionList("cloud@v0.1.0")},
	}})
	want := map[string][]string{"a": {"v1.2.0"}, "b": {"v0.9.0", "v1.0.0"}, "c": {"v1.0.0"}, "cloud": {"v0.1.0", "v0.2.0"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPrefixesAreThoseOfOtherModules(t *testing.T) {
	got := prefixes(made("example.com/cloud/auth/v2/sub", "example.com/cloud/auth/v2"))
	want := []string{"example.com/cloud/auth/v2/sub", "example.com/cloud/auth", "example.com/cloud", "example.com"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
