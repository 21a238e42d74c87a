package plan_test

import (
	"testing"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/plan"
)

func TestPartsThatCannotStandTogetherAreRefused(t *testing.T) {
	job := answers.Part{Kind: answers.Job, Name: "send_reminder", Domain: "billing"}
	first := answers.Part{Kind: answers.Migration, Name: "add_due_date", Domain: "billing", Number: 2}
	second := answers.Part{Kind: answers.Migration, Name: "create_payments", Domain: "billing", Number: 2}
	tests := map[string][]answers.Part{
		"the job send_reminder of billing is named twice": {job, first, job},
		"the migrations add_due_date and create_payments of billing have the number 2 both; give one of them the number 3\n    git mv internal/domains/billing/migrations/0002_create_payments.sql internal/domains/billing/migrations/0003_create_payments.sql      or the other one, if it has not run anywhere yet\n    migration create_payments domain billing number 3      its row in startkit.mod": {first, job, second},
		"the job x is of the domain crm, which is not there\n    there: billing\n    domain crm entity NOUN plural PLURAL      its row in startkit.mod, or take out that of the job":                                                                                                                                                                                                                       {{Kind: answers.Job, Name: "x", Domain: "crm"}},
	}
	for want, parts := range tests {
		_, err := plan.Make(answers.Answers{Domains: []answers.Domain{{Name: "billing"}}, Parts: parts}, small(t))
		if err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

func TestAMigrationMakesWhatIsNotThere(t *testing.T) {
	billing := answers.Domain{Name: "billing", Entity: "invoice", Plural: "invoices"}
	migration := func(name string, number int) answers.Part {
		return answers.Part{Kind: answers.Migration, Name: name, Domain: "billing", Number: number}
	}
	for by, parts := range map[string][]answers.Part{
		"the domain itself": {migration("create_invoices", 2)},
		"add_total":         {migration("total", 2), migration("add_total", 3)},
	} {
		_, err := plan.Make(answers.Answers{Domains: []answers.Domain{billing}, Parts: parts}, small(t))
		if want := fault.MadeTwice(parts[0].Name, "billing", by).Error(); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	parts := []answers.Part{migration("create_total", 2), migration("add_total", 3)}
	if _, err := plan.Make(answers.Answers{Domains: []answers.Domain{billing}, Parts: parts}, small(t)); err != nil {
		t.Error(err)
	}
}
