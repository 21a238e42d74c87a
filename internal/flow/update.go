package flow

import (
	"context"
	"os"
	"path/filepath"

	"golang.org/x/mod/semver"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/past"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/tree"
)

// UpdateRequest is what `startkit update` was asked for.
type UpdateRequest struct {
	Options
	// To is the version to update to; empty for this one.
	To string
	// BaseBinary is a startkit program of the version that rendered the
	// repository; empty to run that version by the go command.
	BaseBinary string
}

// Update brings a repository to another version of startkit. What was written
// once and is its owners' since is left alone.
func Update(ctx context.Context, req UpdateRequest) (Report, error) {
	r, err := openAny(req.Dir, !req.DryRun)
	if err != nil {
		return Report{}, err
	}
	if req.To == "" {
		req.To = answers.Version
	}
	if !semver.IsValid(req.To) {
		return Report{}, fault.BadVersion(req.To)
	}
	if newer(r.version, req.To) {
		return Report{}, fault.Downgrade(r.version, req.To, answers.Tool)
	}
	before, err := renderAs(ctx, past.Source{Version: r.version, Binary: req.BaseBinary}, r.mod)
	if err != nil {
		return Report{}, err
	}
	wanted, err := Answers(filepath.Join(r.root, answers.File), r.mod)
	if err != nil {
		return Report{}, err
	}
	wanted.Version = req.To
	p, err := plan.Make(wanted, features())
	if err != nil {
		return Report{}, err
	}
	after, err := renderAs(ctx, past.Source{Version: req.To}, plan.Format(p.Answers))
	if err != nil {
		return Report{}, err
	}
	return bring(ctx, r.repository, step{plan: p, before: before, after: after, update: true}, req.Options)
}

// renderAs renders answers with the version of a source: by this program, if it
// is the one.
func renderAs(ctx context.Context, s past.Source, mod []byte) (tree.Tree, error) {
	if s.Version == answers.Version {
		return Tree(mod)
	}
	t, err := past.Render(ctx, s, mod)
	if err != nil {
		return nil, fault.NoBase(s.Version, err)
	}
	return t, nil
}

// Tree renders a startkit.mod of this version, and writes nothing. What another
// version wrote for its answers, only that one knows.
func Tree(mod []byte) (tree.Tree, error) {
	a, err := Answers(answers.File, mod)
	if err != nil {
		return nil, err
	}
	if a.Version != answers.Version {
		return nil, fault.WrongBase(a.Version, answers.Version)
	}
	_, t, err := rendered(a)
	return t, err
}

// raw is a repository whose startkit.mod this version need not understand.
type raw struct {
	repository
	mod     []byte
	version string
}

// openAny finds the repository that dir is in, whichever version rendered it.
func openAny(dir string, writes bool) (raw, error) {
	root, notes, err := enter(dir, writes)
	if err != nil {
		return raw{}, err
	}
	file := filepath.Join(root, answers.File)
	mod, err := os.ReadFile(file)
	if err != nil {
		return raw{}, err
	}
	version, err := plan.Version(file, mod)
	if err != nil {
		return raw{}, fault.BadAnswers(err)
	}
	return raw{repository{root: root, notes: notes}, mod, version}, nil
}
