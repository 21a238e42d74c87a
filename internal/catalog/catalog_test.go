package catalog_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/startkit/startkit/internal/catalog"
)

func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

const core = "// Core is what every repository has.\nfeature core\nsummary \"a program\"\n"

func TestLoadReadsAFeature(t *testing.T) {
	c, err := catalog.Load(files(
		"core/feature.mod", core,
		"core/files/compose.yaml.tmpl", "services:\n  {{slot \"services\"}}\n",
		"cache/redis/feature.mod", `// Redis holds what may be lost.
feature redis
alias rd
summary "sessions"
ask "Redis?"
provides cache
needs core
env (
	// Where the cache lives.
	REDIS_URL "redis://localhost" // secret required
	// How long a read may wait.
	REDIS_TIMEOUT 200ms
)
require github.com/redis/go-redis/v9 v9.23.0
`,
		"cache/redis/files/a.txt", "plain",
		"cache/redis/seed/{domain}.go.tmpl", "package x\n",
		"cache/redis/into/compose.yaml/services.tmpl", "redis:\n",
	))
	if err != nil {
		t.Fatal(err)
	}
	want := &catalog.Feature{
		Name: "redis", Alias: "rd", Summary: "sessions", Ask: "Redis?", Doc: "Redis holds what may be lost.",
		Dir: "cache/redis", Layer: "cache", Provides: []string{"cache"}, Needs: []string{"core"},
		Env: []catalog.Env{
			{Name: "REDIS_URL", Type: "Secret", Default: "redis://localhost", Doc: "Where the cache lives.", Secret: true, Required: true},
			{Name: "REDIS_TIMEOUT", Type: "time.Duration", Default: "200ms", Doc: "How long a read may wait."},
		},
		Require: []module.Version{{Path: "github.com/redis/go-redis/v9", Version: "v9.23.0"}},
		Templates: []catalog.Template{
			{Source: "cache/redis/files/a.txt", Path: "a.txt", Text: "plain", Plain: true},
			{Source: "cache/redis/seed/{domain}.go.tmpl", Path: "{domain}.go", Text: "package x\n", Seed: true},
		},
		Fragments: []catalog.Fragment{{Source: "cache/redis/into/compose.yaml/services.tmpl", Target: "compose.yaml", Slot: "services", Text: "redis:\n"}},
	}
	if diff := cmp.Diff(want, c.Find("rd")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"core", "redis"}, c.Names()); diff != "" {
		t.Error(diff)
	}
}

func TestLoadRefusesWithAnAddress(t *testing.T) {
	tests := []struct {
		name string
		fsys fstest.MapFS
		want string
	}{
		{"unknown word", files("a/feature.mod", "feature a\nsumary \"x\"\n"),
			`a/feature.mod:2: unknown word "sumary"; feature.mod knows feature, alias, summary, ask, needs, with, provides, after, conflicts, env, require`},
		{"no summary", files("a/feature.mod", "feature a\n"), "a/feature.mod:1: a feature has a feature row and a summary row"},
		{"bad name", files("a/feature.mod", "feature A\nsummary s\n"), `a/feature.mod:1: "A" is no name for a feature: lower-case letters, digits and hyphens`},
		{"two words", files("a/feature.mod", "feature a b\nsummary s\n"), "a/feature.mod:1: feature takes one word, not 2"},
		{"env without a comment", files("a/feature.mod", "feature a\nsummary s\nenv X 1\n"), "a/feature.mod:3: X has no comment above it that says what it means"},
		{"unknown note", files("a/feature.mod", "feature a\nsummary s\n// Why.\nenv X 1 // hidden\n"), `a/feature.mod:4: unknown note "hidden" behind X; env knows secret and required`},
		{"unknown need", files("a/feature.mod", "feature a\nsummary s\nneeds b\n"), "a/feature.mod: needs b: no feature is called that or provides it"},
		{"with, and no part", files("a/feature.mod", "feature a\nsummary s\n", "b/feature.mod", "feature b\nsummary s\nwith a\n"), "b/feature.mod: with is for a part: feature b // part"},
		{"one name twice", files("a/feature.mod", "feature a\nsummary s\n", "b/feature.mod", "feature a\nsummary s\n"), "a/feature.mod and b/feature.mod: both are called a"},
		{"one path twice", files("a/feature.mod", "feature a\nsummary s\n", "a/files/x", "", "b/feature.mod", "feature b\nsummary s\n", "b/seed/x", ""), "a/files/x and b/seed/x: both write x"},
		{"no such file", files("a/feature.mod", "feature a\nsummary s\n", "a/into/x/y.tmpl", ""), "a/into/x/y.tmpl:1: no feature writes x"},
		{"no such slot", files("a/feature.mod", "feature a\nsummary s\n", "a/files/x.tmpl", "{{slot \"z\"}}\n", "a/into/x/y.tmpl", ""), `a/into/x/y.tmpl:1: a/files/x.tmpl has no slot "y"; it has z`},
		{"no slot named", files("a/feature.mod", "feature a\nsummary s\n", "a/into/y.tmpl", ""), "a/into/y.tmpl:1: what stands below into/ is named into/FILE/SLOT.tmpl"},
		{"bad version", files("a/feature.mod", "feature a\nsummary s\nrequire (\n\texample.com/x\n)\n"), "a/feature.mod:4:2: usage: require module/path v1.2.3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := catalog.Load(tt.fsys)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestTwoProvidersMayWriteOnePath(t *testing.T) {
	_, err := catalog.Load(files(
		"a/feature.mod", "feature a\nsummary s\nprovides jobs\n", "a/files/x", "",
		"b/feature.mod", "feature b\nsummary s\nprovides jobs\n", "b/files/x", ""))
	if err != nil {
		t.Error(err)
	}
}
