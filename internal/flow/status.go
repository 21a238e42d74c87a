package flow

import (
	"context"
	"slices"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/forge"
	"github.com/startkit/startkit/internal/tree"
)

// Status is how a repository relates to what was rendered for it.
type Status struct {
	// Version is the version that rendered it, Current this one.
	Version string `json:"version"`
	Current string `json:"current"`
	// Files are sorted by path.
	Files []FileStatus `json:"files"`

	change change.Change
}

// FileStatus is how one file relates to what was rendered.
type FileStatus struct {
	Path string `json:"path"`
	// State is rendered, edited, deleted, conflict or new.
	State string `json:"state"`
}

// Count says how many files are in a state.
func (s Status) Count(state string) (n int) {
	for _, f := range s.Files {
		if f.State == state {
			n++
		}
	}
	return n
}

// ReadStatus compares a repository with what was rendered for it.
func ReadStatus(ctx context.Context, dir string) (Status, error) {
	r, err := open(dir, false)
	if err != nil {
		return Status{}, err
	}
	if err := r.current(); err != nil {
		return Status{}, err
	}
	_, before, err := rendered(r.saved)
	if err != nil {
		return Status{}, err
	}
	ours, err := present(r.root, before.Paths(), nil)
	if err != nil {
		return Status{}, err
	}
	ours = change.Unconverted(before, ours)
	s := Status{Version: r.saved.Version, Current: answers.Version, change: change.Diff(before, ours)}
	own, err := disk.List(r.root, "")
	if err != nil {
		return s, err
	}
	s.Files = states(before, ours, own)
	return s, s.conflicts(ctx, r.root)
}

// states gives each path of a render, and each that the owners added, its
// state.
func states(before, ours tree.Tree, own []string) []FileStatus {
	var list []FileStatus
	paths := append(before.Paths(), own...)
	slices.Sort(paths)
	for _, p := range slices.Compact(paths) {
		b, was := before[p]
		o, is := ours[p]
		state := "edited"
		switch {
		case !was:
			state = "new"
		case !is:
			state = "deleted"
		case b.Same(o):
			state = "rendered"
		}
		list = append(list, FileStatus{p, state})
	}
	return list
}

// conflicts marks the files in which a conflict is still open.
func (s *Status) conflicts(ctx context.Context, root string) error {
	var paths []string
	for _, f := range s.Files {
		if f.State == "edited" {
			paths = append(paths, f.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	dirt, err := forge.Dirty(ctx, root, paths)
	if err != nil && !gitless(err) {
		return err
	}
	for _, f := range s.change.Files {
		if gitless(err) && f.After != nil && hasMarks(f.After.Data) {
			dirt = append(dirt, forge.Dirt{Path: f.Path, State: forge.Unmerged})
		}
	}
	for i, f := range s.Files {
		if slices.Contains(dirt, forge.Dirt{Path: f.Path, State: forge.Unmerged}) {
			s.Files[i].State = "conflict"
		}
	}
	return nil
}
