package plan_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/plan"
)

// stack is a small catalogue: name -> rows of its feature.mod.
func stack(t *testing.T, features map[string]string) *catalog.Catalog {
	t.Helper()
	fsys := fstest.MapFS{
		"domain/blank/feature.mod":            {Data: []byte("feature blank\nsummary s\nneeds postgres\n")},
		"domain/blank/seed/{domain}.txt.tmpl": {Data: []byte("{{.Domain}}\n")},
	}
	for name, rows := range features {
		fsys["x/"+strings.Fields(name)[0]+"/feature.mod"] = &fstest.MapFile{Data: []byte("feature " + name + "\nsummary s\n" + rows)}
	}
	c, err := catalog.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func small(t *testing.T) *catalog.Catalog {
	return stack(t, map[string]string{
		"core": "", "postgres": "alias pg\nneeds core\n", "redis": "needs core\nafter postgres\n",
		"asynq": "needs postgres\nneeds redis\nprovides jobs\n", "river": "needs postgres\nprovides jobs\n",
		"mail": "needs jobs\n", "kit": "needs queue\n", "nats": "provides queue // default\n", "sqs": "provides queue\n", "alone": "conflicts redis\n",
	})
}

func steps(p plan.Plan) (list []string) {
	for _, s := range p.Steps {
		name := s.Feature.Name
		if s.Reason != "" {
			name += ": " + s.Reason
		}
		list = append(list, name)
	}
	return list
}

func TestRedisIsBroughtByAsynq(t *testing.T) {
	p, err := plan.Make(answers.Answers{Stack: []string{"asynq", "pg"}}, small(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"core: every repository has it", "postgres", "redis: needed by asynq", "asynq"}
	if diff := cmp.Diff(want, steps(p)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"postgres", "asynq"}, p.Answers.Stack); diff != "" {
		t.Error(diff)
	}
}

func TestOrderOfTheFlagsNeverShows(t *testing.T) {
	c := small(t)
	a, err := plan.Make(answers.Answers{Stack: []string{"redis", "asynq", "pg", "pg"}}, c)
	if err != nil {
		t.Fatal(err)
	}
	b, err := plan.Make(answers.Answers{Stack: []string{"postgres", "asynq", "redis"}}, c)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a.Answers, b.Answers); diff != "" {
		t.Error(diff)
	}
}

func TestADomainBringsWhatItNeeds(t *testing.T) {
	orders, billing := answers.Domain{Name: "orders", Entity: "order", Plural: "orders"}, answers.Domain{Name: "billing", Entity: "invoice", Plural: "invoices"}
	p, err := plan.Make(answers.Answers{Domains: []answers.Domain{orders, billing}}, small(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"core: every repository has it", "postgres: needed by domain billing"}, steps(p)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]answers.Domain{billing, orders}, p.Answers.Domains); diff != "" {
		t.Error(diff)
	}
}

func TestTwoDomainsCannotHaveOneEntity(t *testing.T) {
	billing := answers.Domain{Name: "billing", Entity: "item", Plural: "items"}
	for _, crm := range []answers.Domain{{Name: "crm", Entity: "item", Plural: "item_list"}, {Name: "crm", Entity: "thing", Plural: "items"}, {Name: "crm", Entity: "items", Plural: "item_list"}} {
		_, err := plan.Make(answers.Answers{Domains: []answers.Domain{billing, crm}}, small(t))
		want := "billing and crm both have the entity " + crm.Entity + ", and the API names operations by it; nothing was written\n    startkit add domain crm --entity crm_" + crm.Entity
		if err == nil || err.Error() != want {
			t.Errorf("%v: got %v\nwant %s", crm, err, want)
		}
	}
}

func TestMakeRefuses(t *testing.T) {
	tests := []struct {
		stack []string
		want  string
	}{
		{[]string{"kafka", "redis", "blank"}, "no feature is called kafka, blank\n    known: alone, asynq, core, kit, mail, nats, postgres, redis, river, sqs\n    startkit list            what each of them brings"},
		{[]string{"asynq", "river"}, "asynq and river both provide jobs; choose one\n    leave one of them out of --stack"},
		{[]string{"alone", "asynq"}, "alone and redis (needed by asynq) cannot stand together\n    leave one of them out of --stack"},
		{[]string{"mail"}, "mail needs jobs, which asynq and river provide; choose one\n    --stack=asynq,mail\n    --stack=river,mail"},
	}
	for _, tt := range tests {
		_, err := plan.Make(answers.Answers{Stack: tt.stack}, small(t))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%v: got %v\nwant %s", tt.stack, err, tt.want)
		}
	}
	if _, err := plan.Make(answers.Answers{Stack: []string{"mail", "river"}}, small(t)); err != nil {
		t.Error(err)
	}
}

func TestStartkitModReadsBackWhatItWrote(t *testing.T) {
	a := answers.Answers{Version: "v0.1.0", Name: "my-app", Module: "example.com/my-app", Stack: []string{"postgres", "redis"},
		Domains: []answers.Domain{{Name: "billing", Entity: "invoice", Plural: "invoices"}, {Name: "crm", Entity: "person", Plural: "people", Global: true}},
		Parts: []answers.Part{{Kind: answers.Job, Name: "send_reminder", Domain: "billing"},
			{Kind: answers.Migration, Name: "add_due_date", Domain: "billing", Number: 2}, {Kind: answers.Endpoint, Name: "merge", Domain: "crm"}}}
	got, err := plan.Parse("startkit.mod", plan.Format(a))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseRefusesWithFileAndLine(t *testing.T) {
	tests := map[string]string{
		"startkit v1.0.0\nname a\nmodule x.y/a\nfuture thing\n":                                       `startkit.mod:4: unknown row "future"; a later startkit may have written it`,
		"startkit v1.0.0\nname a\nmodule x.y/a\ndomain billing\n":                                     `startkit.mod:4: a domain row reads: domain orders entity order plural orders`,
		"startkit v1.0.0\nname a\nmodule x.y/a\ndomain b entity invoice plural invoices universal\n":  `startkit.mod:4: a domain row reads: domain orders entity order plural orders`,
		"startkit v1.0.0\nname a\nmodule x.y/a\njob send_reminder billing\n":                          `startkit.mod:4: a row of this kind reads: job send_reminder domain billing`,
		"startkit v1.0.0\nname a\nmodule x.y/a\nmigration add_x domain b number two\n":                `startkit.mod:4: the number of a migration is 2 or more, after the one of the domain, not "two"`,
		"startkit v1.0.0\nname a\nmodule x.y/a\nmigration add_x domain b number 1\n":                  `startkit.mod:4: the number of a migration is 2 or more, after the one of the domain, not "1"`,
		"startkit v1.0.0\nname a\nmodule x.y/a\nmigration add_x domain b\n":                           `startkit.mod:4: a row of this kind reads: migration add_due_date domain billing number 2`,
		"startkit v1.0.0\nname a\nmodule x.y/a\nstack\n":                                              `startkit.mod:4: stack takes one word, not 0`,
		"startkit v1.0.0\nname a\nmodule x.y/a\nname b\n":                                             `startkit.mod:4: name stands in two rows`,
		"startkit v1.0.0\nname a\nmodule x.y/a\n<<<<<<< HEAD\ndomain b entity x plural xs\n=======\n": `startkit.mod:4: git left a conflict here; where each side added a row, both rows are wanted`,
		"startkit v1.0.0\nname a\nmodule x.y/a\nstack (\n\tpg\n=======\n\tredis\n)\n":                 `startkit.mod:6: git left a conflict here; where each side added a row, both rows are wanted`,
		"startkit v1.0.0\nmodule x.y/a\n":                                                             `startkit.mod:1: the row name is missing`,
		"startkit v1.0.0\nname a/b\nmodule x.y/a\n":                                                   "startkit.mod:2: the name \"a/b\": is a path; the name is its last element\n    startkit new NAME --dir PATH",
	}
	for in, want := range tests {
		_, err := plan.Parse("startkit.mod", []byte(in))
		if err == nil || err.Error() != want {
			t.Errorf("%q:\ngot  %v\nwant %s", in, err, want)
		}
	}
}

func TestTheDefaultProviderIsTakenIfNoneWasChosen(t *testing.T) {
	for stack, want := range map[string]string{"kit": "nats: needed by kit", "kit sqs": "sqs"} {
		p, err := plan.Make(answers.Answers{Stack: strings.Fields(stack)}, small(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := steps(p); !slices.Contains(got, want) || len(got) != 3 {
			t.Errorf("%s: got %v, want one with %q", stack, got, want)
		}
	}
}

func TestAPartCannotBeAskedForAndComesWithItsWhole(t *testing.T) {
	c := stack(t, map[string]string{"core": "", "postgres": "", "whole": "needs screw\n", "screw // part": ""})
	if _, err := plan.Make(answers.Answers{Stack: []string{"screw"}}, c); err == nil {
		t.Error("a part was asked for")
	}
	p, err := plan.Make(answers.Answers{Stack: []string{"whole"}}, c)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"core: every repository has it", "screw: needed by whole", "whole"}, steps(p)); diff != "" {
		t.Error(diff)
	}
}

func TestAPartOfTwoComesWhereBothAre(t *testing.T) {
	c := stack(t, map[string]string{
		"core": "", "postgres": "", "cache": "needs disk\n", "disk": "", "users": "", "between // part": "with cache\nwith users\nneeds glue\n", "glue": "",
	})
	for in, want := range map[string][]string{
		"cache":       {"core", "disk", "cache"},
		"users":       {"core", "users"},
		"cache users": {"core", "disk", "cache", "glue", "users", "between"},
	} {
		p, err := plan.Make(answers.Answers{Stack: strings.Fields(in)}, c)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range p.Steps {
			got = append(got, s.Feature.Name)
			if s.Feature.Name == "between" && s.Reason != "between cache and users" {
				t.Errorf("the reason is %q", s.Reason)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in, diff)
		}
	}
}
