package flow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
	"github.com/startkit/startkit/internal/tree"
)

// Options are what every command on a repository has in common.
type Options struct {
	Dir    string
	Force  bool
	DryRun bool
}

// turn changes a repository from its saved answers to the wanted ones: two
// renders, and their difference merged onto what is on the disk.
func turn(ctx context.Context, r repository, wanted answers.Answers, o Options) (Report, error) {
	notes, err := r.mend()
	if err != nil {
		return Report{}, err
	}
	if err := r.current(); err != nil {
		return Report{}, err
	}
	_, before, err := rendered(r.saved)
	if err != nil {
		return Report{}, err
	}
	p, after, err := rendered(wanted)
	if err != nil {
		return Report{}, err
	}
	c, err := merge(r.root, before, after)
	if err != nil {
		return Report{}, err
	}
	report := Report{Dir: o.Dir, Planned: planned(p), Files: files(c), Notes: notes, Next: "make test"}
	if err := clean(ctx, r.root, c, o.Force); err != nil {
		return Report{}, err
	}
	if o.DryRun {
		return report, nil
	}
	return report, apply(ctx, r.root, c)
}

// merge puts what differs between two renders onto what is on the disk.
func merge(root string, before, after tree.Tree) (change.Change, error) {
	for _, p := range after.Paths() {
		if b, ok := before[p]; ok && b.Same(after[p]) {
			delete(before, p)
			delete(after, p)
		}
	}
	paths := append(before.Paths(), after.Paths()...)
	slices.Sort(paths)
	ours, err := disk.Read(root, slices.Compact(paths))
	if err != nil {
		return change.Change{}, fault.Odd(err)
	}
	return change.Merge(change.Trees{Base: before, Ours: ours, Theirs: after}, change.Options{}), nil
}

// clean refuses to write to files with changes that are not committed, unless
// forced, and to files in which a conflict is still open.
func clean(ctx context.Context, root string, c change.Change, force bool) error {
	var paths []string
	for _, e := range c.Edits() {
		paths = append(paths, e.Path)
	}
	if len(paths) == 0 {
		return nil
	}
	dirty, err := forge.Dirty(ctx, root, paths)
	if err != nil {
		return err
	}
	if len(dirty.Unmerged) > 0 {
		return fault.UnmergedFiles(dirty.Unmerged)
	}
	if len(dirty.Changed) > 0 && !force {
		return fault.DirtyFiles(dirty.Changed)
	}
	return nil
}

// apply writes a change, and tells git's index of the conflicts in it.
func apply(ctx context.Context, root string, c change.Change) error {
	if err := disk.Apply(root, c.Edits()); err != nil {
		return err
	}
	return stages(ctx, root, c)
}

// created reports a tree that is all new.
func created(t tree.Tree) []File { return files(change.Diff(tree.Tree{}, t)) }

// files reports a change.
func files(c change.Change) []File {
	var list []File
	for _, f := range c.Files {
		out := File{Path: f.Path, Verdict: string(f.Verdict), Reason: f.Reason, Diff: f.Diff()}
		if f.After != nil {
			sum := sha256.Sum256(f.After.Data)
			out.SHA256, out.Exec = hex.EncodeToString(sum[:]), f.After.Exec
		}
		for _, k := range f.Conflicts {
			out.Conflicts = append(out.Conflicts, Conflict{k.Start, string(k.Ours), string(k.Theirs)})
		}
		list = append(list, out)
	}
	return list
}

