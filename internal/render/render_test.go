package render_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/render"
	"github.com/startkit/startkit/internal/tree"
)

// rendered renders a small catalogue of pairs path, text.
func rendered(t *testing.T, a answers.Answers, pairs ...string) tree.Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	c, err := catalog.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(a, c)
	if err != nil {
		t.Fatal(err)
	}
	out, err := render.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const (
	coreMod  = "feature core\nsummary s\n"
	redisMod = "feature redis\nsummary \"a cache\"\nenv (\n// Where it lives.\nREDIS_URL \"redis://{ident}\" // secret\n)\n"
	pgMod    = "feature postgres\nsummary s\n"
	blankMod = "feature blank\nsummary s\nneeds postgres\n"
)

func TestSlots(t *testing.T) {
	compose := "services:\n  app:\n    x: 1\n\n  {{slot \"services\"}}\n\n{{slot \"volumes\" \"volumes:\"}}\n"
	features := []string{
		"core/feature.mod", coreMod, "core/files/compose.yaml.tmpl", compose,
		"cache/redis/feature.mod", redisMod, "cache/redis/into/compose.yaml/services.tmpl", "redis:\n  y: {{.Name}}\n",
		"database/postgres/feature.mod", pgMod,
		"database/postgres/into/compose.yaml/services.tmpl", "postgres:\n\n  z: 1\n", "database/postgres/into/compose.yaml/volumes.tmpl", "data:\n",
		"domain/blank/feature.mod", blankMod,
	}
	tests := []struct {
		name  string
		stack []string
		want  string
	}{
		{"empty slots leave no scar", nil, "services:\n  app:\n    x: 1\n"},
		{"a fragment is indented as its slot", []string{"redis"}, "services:\n  app:\n    x: 1\n\n  redis:\n    y: my-app\n"},
		{"fragments below a blank line are kept apart", []string{"redis", "postgres"},
			"services:\n  app:\n    x: 1\n\n  postgres:\n\n    z: 1\n\n  redis:\n    y: my-app\n\nvolumes:\n  data:\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := rendered(t, answers.Answers{Name: "my-app", Module: "example.com/my-app", Stack: tt.stack}, features...)
			if diff := cmp.Diff(tt.want, string(out["compose.yaml"].Data)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnEmptySlotKeepsTheBlankLineThatSetsOffWhatFollows(t *testing.T) {
	out := rendered(t, answers.Answers{Name: "a", Module: "x.y/a", Stack: []string{"redis"}},
		"core/feature.mod", coreMod, "core/files/f.tmpl", "a\n\n{{slot \"x\"}}\nb\n\n{{slot \"y\"}}\n}\n\n{{slot \"z\"}}\n\nc\n",
		"cache/redis/feature.mod", redisMod, "domain/blank/feature.mod", blankMod, "database/postgres/feature.mod", pgMod)
	if diff := cmp.Diff("a\n\nb\n}\n\nc\n", string(out["f"].Data)); diff != "" {
		t.Error(diff)
	}
}

func TestEachLineKnowsItsTemplate(t *testing.T) {
	out := rendered(t, answers.Answers{Name: "a", Module: "x.y/a", Stack: []string{"redis"}},
		"core/feature.mod", coreMod, "core/files/env.tmpl", "# {{.Name}}\n{{range .Stack}}\n{{range .Env}}\n# {{.Doc}}\n{{.Name}}={{.Default}} {{.Field}}\n{{end}}\n{{end}}\nlast\n{{slot \"more\"}}\n",
		"cache/redis/feature.mod", redisMod, "cache/redis/into/env/more.tmpl", "one\ntwo\n",
		"domain/blank/feature.mod", blankMod, "database/postgres/feature.mod", pgMod)
	want := tree.File{Data: []byte("# a\n# Where it lives.\nREDIS_URL=redis://a RedisURL\nlast\none\ntwo\n"), Lines: []tree.Origin{
		{Feature: "core", Template: "core/files/env.tmpl", Line: 1},
		{Feature: "core", Template: "core/files/env.tmpl", Line: 4},
		{Feature: "core", Template: "core/files/env.tmpl", Line: 5},
		{Feature: "core", Template: "core/files/env.tmpl", Line: 8},
		{Feature: "redis", Template: "cache/redis/into/env/more.tmpl", Line: 1},
		{Feature: "redis", Template: "cache/redis/into/env/more.tmpl", Line: 2},
	}}
	if diff := cmp.Diff(want, out["env"]); diff != "" {
		t.Error(diff)
	}
}

func TestAFeatureWritesIntoEveryDomain(t *testing.T) {
	out := rendered(t, answers.Answers{Name: "a", Module: "x.y/a", Stack: []string{"redis"}, Domains: []answers.Domain{
		{Name: "orders", Entity: "line_item", Plural: "line_items"}, {Name: "billing", Entity: "invoice", Plural: "invoices"}}},
		"core/feature.mod", coreMod, "core/files/list.tmpl", "{{slot \"domains\"}}\n",
		"cache/redis/feature.mod", redisMod, "cache/redis/seed/{domain}/jobs.tmpl", "{{.Entity.Type}} {{.Entity.Var}}\n",
		"cache/redis/into/{domain}/{domain}.txt/more.tmpl", "{{.Entities.Kebab}}\n",
		"domain/blank/feature.mod", blankMod, "domain/blank/seed/{domain}/{domain}.txt.tmpl", "{{.Entity.Title}} of {{.Domain}}\n{{slot \"more\"}}\n",
		"domain/blank/into/list/domains.tmpl", "{{.Domain}}\n", "database/postgres/feature.mod", pgMod)
	want := map[string]string{
		"list": "billing\norders\n", "billing/jobs": "Invoice invoice\n", "orders/jobs": "LineItem lineItem\n",
		"billing/billing.txt": "Invoice of billing\ninvoices\n", "orders/orders.txt": "Line item of orders\nline-items\n",
	}
	for path, text := range want {
		if diff := cmp.Diff(text, string(out[path].Data)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	if !out["orders/jobs"].Seed || out["list"].Seed {
		t.Error("the folder of a template does not say who owns the file")
	}
}

func TestImportsAreSortedInTheirGroups(t *testing.T) {
	out := rendered(t, answers.Answers{Name: "a", Module: "x.y/a", Stack: []string{"redis"}},
		"core/feature.mod", coreMod, "core/files/a.go.tmpl", "package a\n\nimport (\n\t\"fmt\"\n\t\"context\"\n\n\t\"{{.Module}}/b\"\n\t{{slot \"imports\"}}\n)\n\nvar (\n\tz = 1\n\ta = 2\n)\n",
		"cache/redis/feature.mod", redisMod, "cache/redis/into/a.go/imports.tmpl", "_ \"{{.Module}}/a0\"\n\"{{.Module}}/b\"\n",
		"domain/blank/feature.mod", blankMod, "database/postgres/feature.mod", pgMod)
	want := "package a\n\nimport (\n\t\"context\"\n\t\"fmt\"\n\n\t_ \"x.y/a/a0\"\n\t\"x.y/a/b\"\n)\n\nvar (\n\tz = 1\n\ta = 2\n)\n"
	if diff := cmp.Diff(want, string(out["a.go"].Data)); diff != "" {
		t.Error(diff)
	}
}
