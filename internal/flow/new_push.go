package flow

import (
	"context"
	"os"
	"path/filepath"
	"reflect"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/tree"
)

// newAndPush makes a repository and pushes it. Whether it can be pushed is
// asked before anything is written. A run that was cut short goes on: a folder
// that these very answers made is pushed as it is.
func newAndPush(ctx context.Context, req NewRequest, r Report, t tree.Tree) (Report, error) {
	push := *req.Push
	push.Dir = req.Dir
	made := madeFrom(req.Dir, t)
	if !made {
		if err := newPushable(ctx, req); err != nil {
			return r, err
		}
		push.DryRun = req.DryRun
		planned, err := Pushable(ctx, push)
		if req.DryRun {
			r.Push = &planned
		}
		if err != nil || req.DryRun {
			return r, err
		}
		notes, err := write(ctx, req, t)
		r.Notes = append(r.Notes, notes...)
		if err != nil {
			return r, err
		}
	} else {
		r.Notes = append(r.Notes, req.Dir+" is there already, made of these answers; the push goes on")
		push.DryRun = req.DryRun
	}
	done, err := Push(ctx, push)
	r.Push = &done
	return r, err
}

// newPushable says what of the request itself stands against a push.
func newPushable(ctx context.Context, req NewRequest) error {
	if !req.Git {
		return fault.NeedsGit("--no-git makes no repository of git")
	}
	if forge.InsideRepository(ctx, req.Dir) {
		return fault.NeedsGit("the folder is inside of a repository")
	}
	return refusal(disk.Vacant(req.Dir), req.Dir)
}

// madeFrom says whether a folder holds what a tree with the same answers was
// written to.
func madeFrom(dir string, t tree.Tree) bool {
	mod, err := os.ReadFile(filepath.Join(dir, answers.File))
	if err != nil {
		return false
	}
	there, err := plan.Parse(answers.File, mod)
	wanted, err2 := plan.Parse(answers.File, t[answers.File].Data)
	return err == nil && err2 == nil && reflect.DeepEqual(there, wanted)
}
