package flow

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
)

// PushRequest is what `startkit push` was asked for.
type PushRequest struct {
	Dir string
	// To is OWNER/NAME; "" takes what origin or the module path names.
	To string
	// Visibility is "public", "internal", or "" for private.
	Visibility string
	SSH        bool // git speaks ssh to the server, with its user's keys
	NoProtect  bool // main stays open to direct pushes
	Any        bool // startkit need not have made it
	DryRun     bool
	// Allow lists files in which what looks like a secret is none.
	Allow []string
	// Wait waits before a call to GitHub is made again.
	Wait func(ctx context.Context, d time.Duration, why string) error
	// Progress is told of each step when it is over; nil tells nobody.
	Progress func(PushStep)
}

// PushReport is what a push did, or on a dry run would do.
type PushReport struct {
	Repository string     `json:"repository"`
	URL        string     `json:"url"`
	Steps      []PushStep `json:"steps"`
}

// The states of a step.
const (
	Done       = "done"
	AlreadySo  = "already so"
	NotAllowed = "not allowed"
	Open       = "planned" // on a dry run: it would be done
)

// PushStep is one thing that a push sees to.
type PushStep struct {
	Name  string `json:"name"`
	State string `json:"state"`
	// Reason says why it was not allowed, Click where a person can do it.
	Reason string `json:"reason,omitempty"`
	Click  string `json:"click,omitempty"`
}

// branch is the branch that is pushed.
const branch = "main"

// push is a push under way.
type push struct {
	PushRequest
	server forge.Server
	github *forge.GitHub
	remote forge.Remote
	name   string // OWNER/NAME
	about  about
	login  string
	org    bool
	repo   *forge.Repository // nil: there is none yet
	there  string            // the commit of main at the remote; "" for none
	state  forge.Relation    // of that commit
	report PushReport
}

// Push brings a repository to GitHub: it looks at everything first, and then
// goes through the steps. Each step asks whether it is done already, so that a
// push that was cut short anywhere is finished by the next one.
func Push(ctx context.Context, req PushRequest) (PushReport, error) {
	p, err := prepare(req)
	if err != nil {
		return p.report, err
	}
	if err := p.local(ctx); err != nil {
		return p.report, p.told(ctx, err)
	}
	if err := p.access(ctx); err != nil {
		return p.report, p.told(ctx, err)
	}
	if err := p.history(ctx); err != nil {
		return p.report, p.told(ctx, err)
	}
	return p.report, p.told(ctx, p.run(ctx))
}

// Pushable says, before anything is written, whether a repository that is yet
// to be made can be pushed.
func Pushable(ctx context.Context, req PushRequest) (PushReport, error) {
	p, err := prepare(req)
	if err == nil {
		err = p.aim(req.To)
	}
	if err == nil {
		err = identified(ctx, ".")
	}
	if err == nil {
		err = p.access(ctx)
	}
	if err == nil && p.repo != nil {
		p.remote.Root = "."
		var refs map[string]string
		if refs, err = p.remote.Refs(ctx); err == nil && len(refs) > 0 {
			err = fault.OtherHistory(p.name)
		}
	}
	if err == nil && req.DryRun {
		err = p.run(ctx)
	}
	return p.report, p.told(ctx, err)
}

func prepare(req PushRequest) (*push, error) {
	p := &push{PushRequest: req}
	var err error
	if p.server, err = forge.ServerOf(os.Getenv); err != nil {
		return p, fault.BadServer(err)
	}
	return p, nil
}

// told turns what the hands say into what the user is told.
func (p *push) told(ctx context.Context, err error) error {
	var known *fault.Error
	var limit *forge.LimitError
	var none *forge.UnreachableError
	switch {
	case err == nil || errors.As(err, &known) || ctx.Err() != nil:
		return errors.Join(ctx.Err(), err)
	case errors.Is(err, forge.ErrNoGit):
		return fault.NoGit()
	case errors.As(err, &limit):
		return fault.Limited(limit)
	case errors.As(err, &none):
		return fault.Unreachable(p.server.API, none)
	case forge.Status(err) == 401:
		return fault.BadToken(p.server.Host(), p.github.Token.From)
	}
	return fault.Stopped("ask "+p.server.Host(), err)
}
