package flow

import (
	"context"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/fault"
)

// DiffRequest is what `startkit diff` was asked for.
type DiffRequest struct {
	Dir  string
	Path string // relative to Dir; "" for all
	// Upstream asks what an update would change, with BaseBinary as in
	// UpdateRequest.
	Upstream   bool
	BaseBinary string
}

// Diff returns a unified diff: from what was rendered to what is there, or from
// what is there to what an update would make of it.
func Diff(ctx context.Context, req DiffRequest) (string, error) {
	path := req.Path
	if path != "" {
		root, err := find(req.Dir)
		if err != nil {
			return "", err
		}
		if path, err = (repository{root: root}).relative(req.Dir, path); err != nil {
			return "", err
		}
	}
	if req.Upstream {
		r, err := Update(ctx, UpdateRequest{Options: Options{Dir: req.Dir, Force: true, DryRun: true}, BaseBinary: req.BaseBinary})
		return unified(r.change, path), err
	}
	s, err := ReadStatus(ctx, req.Dir)
	if err == nil && path != "" && !slices.ContainsFunc(s.change.Files, func(f change.File) bool { return within(f.Path, path) }) {
		err = fault.NoPath(path)
	}
	return unified(s.change, path), err
}

// unified returns a change, or what of it is about one path, as a unified diff.
func unified(c change.Change, path string) string {
	var b strings.Builder
	for _, f := range c.Files {
		if path == "" || within(f.Path, path) {
			b.WriteString(f.Unified())
		}
	}
	return b.String()
}

// within says whether a file is at a path or below it.
func within(file, path string) bool { return file == path || strings.HasPrefix(file, path+"/") }
