package flow

import (
	"context"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
)

// pushStep is a thing that must be so in the end.
type pushStep struct {
	name  string
	click string // the page, below the repository's, where a person sets it; "" if the push cannot go on without
	is    func(context.Context) (bool, error)
	make  func(context.Context) error
}

// steps is the push. What protects the repository comes before the first
// commit does, except what needs a commit to be there.
func (p *push) steps() []pushStep {
	g := func(f func(context.Context, string) error) func(context.Context) error {
		return func(ctx context.Context) error { return f(ctx, p.name) }
	}
	toggle := func(what string) (func(context.Context) (bool, error), func(context.Context) error) {
		return func(ctx context.Context) (bool, error) { return p.github.On(ctx, p.name, what) },
			func(ctx context.Context) error { return p.github.TurnOn(ctx, p.name, what) }
	}
	alertsOn, alert := toggle(forge.Alerts)
	fixesOn, fix := toggle(forge.Fixes)
	limited := func(ctx context.Context) (bool, error) { return p.github.WorkflowsRead(ctx, p.name) }
	list := []pushStep{
		{"create the repository", "", p.created, p.create},
		{"topics", "", p.described, p.describe},
		{"workflows may only read", "settings/actions", limited, g(p.limit)},
		{"vulnerability alerts", "settings/security_analysis", alertsOn, alert},
		{"security updates by Dependabot", "settings/security_analysis", fixesOn, fix},
		{"origin", "", p.named, p.nameOrigin},
		{"push " + branch, "", p.pushed, p.send},
		{branch + " follows origin", "", p.follows, p.follow},
		{"default branch " + branch, "settings", p.isDefault, p.makeDefault},
	}
	if !p.NoProtect {
		list = append(list, pushStep{branch + " is reviewed and checked", "settings/rules", p.protected, p.protect})
	}
	list[1].click = "settings"
	return list
}

func (p *push) limit(ctx context.Context, name string) error {
	return p.github.LimitWorkflows(ctx, name)
}

// run goes through the steps.
func (p *push) run(ctx context.Context) error {
	for _, s := range p.steps() {
		step, err := p.step(ctx, s)
		if err != nil {
			return err
		}
		p.report.Steps = append(p.report.Steps, step)
		if p.Progress != nil {
			p.Progress(step)
		}
	}
	return nil
}

// step sees to it that one thing is so. What failed for a moment is looked at
// again before it is done again: the server may have done it and not said so.
func (p *push) step(ctx context.Context, s pushStep) (PushStep, error) {
	step := PushStep{Name: s.name}
	for try := 0; ; try++ {
		is, err := p.already(ctx, s)
		switch {
		case err == nil && is && try == 0:
			step.State = AlreadySo
		case err == nil && is:
			step.State = Done
		case err == nil && p.DryRun:
			step.State = Open
		case err == nil:
			err, step.State = s.make(ctx), Done
		}
		switch {
		case err == nil:
			return step, nil
		case forge.Temporary(err) && try < 4 && ctx.Err() == nil:
			if err := p.Wait(ctx, time.Second<<try, err.Error()); err != nil {
				return step, err
			}
			continue
		case s.click != "" && forbidden(err):
			return PushStep{s.name, NotAllowed, words(err), p.server.Page(p.name, s.click)}, nil
		}
		return step, p.stopped(ctx, s.name, err)
	}
}

// already asks whether a step is done; in a repository that is not there none
// is.
func (p *push) already(ctx context.Context, s pushStep) (bool, error) {
	if p.DryRun && p.repo == nil && s.name != "origin" {
		return false, nil
	}
	return s.is(ctx)
}

// stopped says which step failed, unless the words are there already.
func (p *push) stopped(ctx context.Context, name string, err error) error {
	if told := p.told(ctx, err); forge.Status(err) == http.StatusUnauthorized || forge.Status(err) == 0 && fault.Code(told) != 0 && !isGit(err) {
		return told
	}
	return fault.Stopped(name, err)
}

func isGit(err error) bool { _, ok := err.(*forge.Error); return ok }

// forbidden says whether GitHub does not let us, for want of a right or of a
// plan that has it.
func forbidden(err error) bool {
	switch forge.Status(err) {
	case http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

func words(err error) string {
	_, text, _ := strings.Cut(err.Error(), ": ")
	return text
}

func (p *push) created(ctx context.Context) (bool, error) {
	if p.repo != nil {
		return true, nil
	}
	var err error
	p.repo, err = p.github.Repository(ctx, p.name)
	return p.repo != nil && err == nil, err
}

func (p *push) create(ctx context.Context) error {
	owner, name, _ := strings.Cut(p.name, "/")
	r := forge.NewRepository{Name: name, Description: p.about.Description, Private: p.Visibility != "public"}
	if !p.org {
		owner = ""
	} else if p.Visibility == "internal" {
		r.Visibility = p.Visibility
	}
	made, err := p.github.Create(ctx, owner, r)
	if err == nil {
		p.repo = made
	}
	if forge.Status(err) == http.StatusForbidden || forge.Status(err) == http.StatusNotFound {
		return fault.NoRight(p.name, words(err))
	}
	return err
}

func (p *push) described(context.Context) (bool, error) {
	return len(p.repo.Topics) > 0 || len(p.about.Topics) == 0, nil
}

func (p *push) describe(ctx context.Context) error {
	return p.github.SetTopics(ctx, p.name, p.about.Topics)
}

func (p *push) named(ctx context.Context) (bool, error) {
	return p.remote.Root != "" && forge.ConfigUser(ctx, p.remote.Root).Origin != "", nil
}

func (p *push) nameOrigin(ctx context.Context) error {
	return forge.SetOrigin(ctx, p.remote.Root, p.remote.URL)
}

func (p *push) pushed(ctx context.Context) (bool, error) {
	return p.there != "" && (p.state == forge.Same || p.state == forge.Ahead), nil
}

func (p *push) send(ctx context.Context) error {
	err := p.remote.Push(ctx, branch, p.there)
	if err != nil && (strings.Contains(err.Error(), "GH006") || strings.Contains(err.Error(), "GH013") || strings.Contains(err.Error(), "protected branch")) {
		return fault.Guarded(branch)
	}
	return err
}

func (p *push) follows(ctx context.Context) (bool, error) {
	return forge.Follows(ctx, p.remote.Root, branch), nil
}

func (p *push) follow(ctx context.Context) error { return forge.Follow(ctx, p.remote.Root, branch) }

func (p *push) isDefault(ctx context.Context) (bool, error) {
	r, err := p.github.Repository(ctx, p.name)
	return err == nil && r != nil && r.DefaultBranch == branch, err
}

func (p *push) makeDefault(ctx context.Context) error {
	return p.github.SetDefaultBranch(ctx, p.name, branch)
}

func (p *push) protected(ctx context.Context) (bool, error) {
	return p.github.Protected(ctx, p.name, branch)
}

func (p *push) protect(ctx context.Context) error {
	return p.github.Protect(ctx, p.name, branch, requiredCheck(forge.Blob(ctx, p.remote.Root, branch, workflow)))
}

// sameFolder says whether two paths lead to one folder.
func sameFolder(a, b string) bool {
	i, err := os.Stat(a)
	j, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(i, j)
}
