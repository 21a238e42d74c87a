package flow

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
	"github.com/startkit/startkit/internal/name"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/tree"
)

// NewRequest is what `startkit new` was asked for.
type NewRequest struct {
	Answers answers.Answers
	Dir     string // the folder to make
	Git     bool   // make a git repository with a first commit
	DryRun  bool
	// Confirm shows the plan before anything is written; nil asks nobody.
	Confirm func(Report) (bool, error)
	// Push, if it is not nil, brings the repository to GitHub afterwards.
	Push *PushRequest
}

// New makes a repository: all of it, its first commit included, or nothing.
func New(ctx context.Context, req NewRequest) (Report, error) {
	req.Answers.Version = answers.Version
	if err := errors.Join(name.CheckApp(req.Answers.Name), name.CheckModule(req.Answers.Module)); err != nil {
		return Report{}, err
	}
	p, t, err := rendered(req.Answers)
	if err != nil {
		return Report{}, err
	}
	c := change.Diff(tree.Tree{}, t)
	r := Report{
		Dir: req.Dir, Planned: planned(p), Files: files(c), SameAs: sameAs(p, req),
		Next: "cd " + quoted(req.Dir) + " && make test", change: c, brings: planned(p),
	}
	if req.Confirm != nil {
		if yes, err := req.Confirm(r); err != nil || !yes {
			return r, errors.Join(err, fault.Declined(yes))
		}
	}
	if req.Push != nil {
		return newAndPush(ctx, req, r, t)
	}
	if req.Git && forge.InsideRepository(ctx, req.Dir) {
		req.Git = false
		r.Notes = []string{"no git repository is made: the folder is inside of one"}
	}
	if req.DryRun {
		return r, refusal(disk.Vacant(req.Dir), req.Dir)
	}
	notes, err := write(ctx, req, t)
	r.Notes = append(r.Notes, notes...)
	return r, err
}

// write makes the folder beside its place, commits it, and moves it there.
func write(ctx context.Context, req NewRequest, t tree.Tree) ([]string, error) {
	staged, err := disk.Stage(req.Dir)
	if err != nil {
		return nil, refusal(err, req.Dir)
	}
	defer func() { _ = staged.Discard() }() // what stays behind is cleared by the next run
	if err := staged.Write(t); err != nil {
		return nil, err
	}
	notes, err := commitFirst(ctx, req, staged.Dir())
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return notes, staged.Commit()
}

// refusal says why a folder cannot be made, by the name that the user gave it.
func refusal(err error, dir string) error {
	var occupied *disk.OccupiedError
	if errors.As(err, &occupied) {
		return fault.Target(&disk.OccupiedError{Target: dir, Files: occupied.Files, Kind: occupied.Kind})
	}
	if errors.Is(err, disk.ErrNoParent) {
		return fault.NoParent(err, filepath.Dir(dir))
	}
	return fault.Target(err)
}

// commitFirst makes the git repository and its first commit. What git cannot
// do is noted; the files are worth having without it.
func commitFirst(ctx context.Context, req NewRequest, dir string) ([]string, error) {
	if !req.Git {
		return nil, nil
	}
	err := forge.Init(ctx, dir, "Start "+req.Answers.Name)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return []string{fmt.Sprintf("nothing was committed: %v", err)}, nil
	}
	return nil, nil
}

// quoted returns a path as a shell takes it for one word.
func quoted(path string) string {
	if !strings.ContainsAny(path, " \t'\"\\$&;|<>()*?#~`!") {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// sameAs is the command that gives the same answers.
func sameAs(p plan.Plan, req NewRequest) string {
	a := p.Answers
	if len(a.Domains) > 0 {
		return "" // no one command names them
	}
	cmd := "startkit new " + a.Name + " --stack=" + strings.Join(a.Stack, ",") + " --module=" + a.Module
	if len(a.Stack) == 0 {
		cmd = "startkit new " + a.Name + " --stack=core --module=" + a.Module
	}
	if !req.Git {
		cmd += " --no-git"
	}
	return cmd
}
