package forge

import (
	"context"
	"net/http"
)

// SetTopics replaces the topics of a repository.
func (g *GitHub) SetTopics(ctx context.Context, repository string, topics []string) error {
	_, err := g.do(ctx, call{"PUT", "/repos/" + repository + "/topics", map[string]any{"names": topics}, nil})
	return err
}

// SetDefaultBranch names the branch that a clone checks out.
func (g *GitHub) SetDefaultBranch(ctx context.Context, repository, branch string) error {
	_, err := g.do(ctx, call{"PATCH", "/repos/" + repository, map[string]any{"default_branch": branch}, nil})
	return err
}

// WorkflowsRead says whether the token of a workflow run may only read.
func (g *GitHub) WorkflowsRead(ctx context.Context, repository string) (bool, error) {
	var p workflows
	_, err := g.do(ctx, call{"GET", "/repos/" + repository + "/actions/permissions/workflow", nil, &p})
	return p == readOnly, err
}

// workflows is what the token of a workflow run may do.
type workflows struct {
	Permissions string `json:"default_workflow_permissions"`
	Approve     bool   `json:"can_approve_pull_request_reviews"`
}

var readOnly = workflows{Permissions: "read"}

// LimitWorkflows lets the tokens of workflow runs read, and no more.
func (g *GitHub) LimitWorkflows(ctx context.Context, repository string) error {
	_, err := g.do(ctx, call{"PUT", "/repos/" + repository + "/actions/permissions/workflow", readOnly, nil})
	return err
}

// The switches of a repository that are on or off.
const (
	Alerts = "vulnerability-alerts"
	Fixes  = "automated-security-fixes"
)

// On says whether a switch is on. GitHub answers for Alerts with a status, for
// Fixes with a body.
func (g *GitHub) On(ctx context.Context, repository, what string) (bool, error) {
	var said struct{ Enabled bool }
	c := call{"GET", "/repos/" + repository + "/" + what, nil, nil}
	if what == Fixes {
		c.into = &said
	}
	_, err := g.do(ctx, c)
	if Status(err) == http.StatusNotFound {
		return false, nil
	}
	return err == nil && (what == Alerts || said.Enabled), err
}

// TurnOn turns a switch on.
func (g *GitHub) TurnOn(ctx context.Context, repository, what string) error {
	_, err := g.do(ctx, call{"PUT", "/repos/" + repository + "/" + what, nil, nil})
	return err
}
