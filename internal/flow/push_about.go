package flow

import (
	"bytes"
	"os"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/forge"
	"github.com/startkit/startkit/internal/name"
)

// about is what a repository is called and described by.
type about struct {
	Module      string
	Description string
	Topics      []string
}

// aboutOf describes a repository by its answers.
func aboutOf(a answers.Answers) (about, error) {
	var stack []string
	for _, s := range a.Stack {
		if !strings.HasPrefix(s, "license-") && s != "core" {
			stack = append(stack, s)
		}
	}
	text := a.Name + ": an application in Go"
	if len(stack) > 0 {
		text += " on " + strings.Join(stack, ", ")
	}
	var domains []string
	for _, d := range a.Domains {
		domains = append(domains, d.Name)
	}
	if len(domains) > 0 {
		text += ", with " + strings.Join(domains, ", ")
	}
	topics := append([]string{"go"}, stack...)
	slices.Sort(topics[1:])
	return about{a.Module, cut(text, 350), cutList(slices.Compact(topics), 20)}, nil
}

// cut keeps a text below a limit of GitHub's.
func cut(s string, n int) string { return s[:min(len(s), n)] }

func cutList(list []string, n int) []string { return list[:min(len(list), n)] }

const (
	// workflow is where a generated repository has its CI.
	workflow = ".github/workflows/ci.yml"
	// check is the name of its job, by which GitHub knows its result.
	check = "check"
)

// requiredCheck is the check that a pull request must pass: the job of the
// workflow, or none where its owners made another one.
func requiredCheck(ci []byte) string {
	if bytes.Contains(ci, []byte("\njobs:\n")) && bytes.Contains(ci, []byte("\n  "+check+":\n")) {
		return check
	}
	return ""
}

// ModuleOf is the module path of a repository at GitHub; "" where its address
// makes none.
func ModuleOf(repository string) string {
	s, err := forge.ServerOf(os.Getenv)
	if err != nil || name.CheckModule(s.Host()+"/"+repository) != nil {
		return ""
	}
	return s.Host() + "/" + repository
}
