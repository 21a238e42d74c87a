package laws

import (
	"path"
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/render"
	"github.com/startkit/startkit/templates"
)

// TestANameWithAHyphenStandsInNoSQL: the names of roles and of databases begin
// with that of the application, and stand in SQL as they are. There a hyphen is
// a minus, and is written as an underscore.
func TestANameWithAHyphenStandsInNoSQL(t *testing.T) {
	c, err := catalog.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	a := answers.Answers{Version: answers.Version, Name: "corner-shop", Module: "example.com/app", Stack: c.Together(), Domains: []answers.Domain{zebras}}
	p, err := plan.Make(a, c)
	if err != nil {
		t.Fatal(err)
	}
	rendered, err := render.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for file, f := range rendered {
		seen += strings.Count(string(f.Data), "corner_shop")
		if path.Ext(file) != ".sql" && !strings.HasPrefix(file, "internal/platform/db/") && !strings.Contains(string(f.Data), "corner-shop_") {
			continue
		}
		n := 0
		for line := range strings.Lines(string(f.Data)) {
			if n++; strings.Contains(line, "corner-shop") {
				t.Errorf("%s:%d: %s", file, n, line)
			}
		}
	}
	// What dbtest makes is found again by the underscores in its name.
	if !strings.Contains(string(rendered["internal/platform/db/dbtest/template.go"].Data), `"cornershop"`) {
		t.Error("the names of the tests' databases begin with something else than one word")
	}
	if seen == 0 {
		t.Error("no role begins with the name: this test sees nothing")
	}
}
