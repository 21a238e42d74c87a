package flow

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/startkit/startkit/internal/answers"
)

func TestTheRequiredCheckIsAJobOfEveryGeneratedWorkflow(t *testing.T) {
	files, err := filepath.Glob("../../golden/*/" + workflow)
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil || requiredCheck(b) != check {
			t.Errorf("%s has no job %s: %v", f, check, err)
		}
	}
	if got := requiredCheck([]byte("jobs:\n  build:\n")); got != "" {
		t.Errorf("a workflow of the owners' asks for %q", got)
	}
}

func TestARepositoryIsDescribedByItsAnswers(t *testing.T) {
	got, err := aboutOf(answers.Answers{Name: "shop", Module: "example.com/shop", Stack: []string{"redis", "postgres", "license-mit"},
		Domains: []answers.Domain{{Name: "billing"}}})
	want := about{"example.com/shop", "shop: an application in Go on redis, postgres, with billing", []string{"go", "postgres", "redis"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
