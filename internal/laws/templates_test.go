package laws

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/templates"
)

// condition matches a condition in a template.
var condition = regexp.MustCompile(`\{\{-?\s*(if|else|with)\b`)

func TestTemplatesHardlyBranch(t *testing.T) {
	err := fs.WalkDir(templates.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".tmpl") {
			return err
		}
		b, err := fs.ReadFile(templates.FS, p)
		if err != nil {
			return err
		}
		most := 1
		if strings.HasSuffix(p, ".go.tmpl") || strings.Contains(p, ".go/") {
			most = 0
		}
		if n := len(condition.FindAll(b, -1)); n > most {
			t.Errorf("%s has %d conditions; %d at most: a condition is a path", p, n, most)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheReadmeOfTemplatesKnowsEveryWord(t *testing.T) {
	b, err := os.ReadFile("../../templates/README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `([a-z]+) ").FindAllStringSubmatch(string(b), -1)
	var listed []string
	for _, r := range rows {
		listed = append(listed, r[1])
	}
	if got, want := strings.Join(listed, " "), strings.Join(catalog.Words, " "); got != want {
		t.Errorf("templates/README.md lists %s\nfeature.mod knows %s", got, want)
	}
}

func TestEveryFeatureStandsInALayer(t *testing.T) {
	layers := []string{"core", "client", "api", "database", "cache", "jobs", "storage", "integration", "observability", "security", "deploy", "domain", "pack"}
	c, err := catalog.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Features {
		if !strings.Contains(" "+strings.Join(layers, " ")+" ", " "+f.Layer+" ") {
			t.Errorf("%s is no layer", f.Dir)
		}
		if f.Doc == "" {
			t.Errorf("%s/feature.mod has no comment at its head that says what it is", f.Dir)
		}
	}
	for _, name := range []string{"blank", "tenant", "global"} {
		if f := c.Find(name); f == nil || !f.Domain() {
			t.Errorf("%s renders no domain", name)
		}
	}
}

func TestFeaturesStartAfterWhatTheyNeed(t *testing.T) {
	c, err := catalog.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(answers.Answers{Stack: c.Together()}, c)
	if err != nil {
		t.Fatal(err)
	}
	started, planned := map[string]bool{}, map[string]bool{}
	for _, s := range p.Steps {
		planned[s.Feature.Name] = true
	}
	for _, s := range p.Steps {
		for _, need := range slices.Concat(s.Feature.Needs, s.Feature.With, s.Feature.After) {
			for _, f := range c.Providers(need) {
				if planned[f.Name] && !started[f.Name] {
					t.Errorf("%s starts before %s: needs and after go in a circle", s.Feature.Name, f.Name)
				}
			}
		}
		started[s.Feature.Name] = true
	}
}
