package flow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
	report := Report{Dir: o.Dir, Planned: planned(p), Files: files(c), Notes: notes, Next: "make test", change: c}
	if err := clean(ctx, r.root, c, o.Force); err != nil {
		return Report{}, err
	}
	if o.DryRun {
		return report, nil
	}
	return report, apply(ctx, r.root, c, sides(c, before, after))
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
	return change.Merge(before, ours, after, change.Options{Labels: labels}), nil
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
	dirt, err := forge.Dirty(ctx, root, paths)
	if errors.Is(err, forge.ErrNoRepository) || errors.Is(err, forge.ErrNoGit) {
		return nil // nothing says what is committed; the journal still protects the run
	}
	if err != nil {
		return err
	}
	var unmerged, changed []string
	for _, d := range dirt {
		if d.State == forge.Unmerged {
			unmerged = append(unmerged, d.Path)
		} else {
			changed = append(changed, d.Path)
		}
	}
	if len(unmerged) > 0 {
		return fault.UnmergedFiles(unmerged)
	}
	if len(changed) > 0 && !force {
		return fault.DirtyFiles(changed)
	}
	return nil
}

// apply writes a change, and tells git's index of the conflicts in it.
func apply(ctx context.Context, root string, c change.Change, open []forge.Sides) error {
	if err := disk.Apply(root, c.Edits()); err != nil {
		return fault.Unwritten(err)
	}
	err := forge.Conflict(ctx, root, open)
	if errors.Is(err, forge.ErrNoRepository) || errors.Is(err, forge.ErrNoGit) {
		return nil
	}
	return err
}

// sides collects the three versions of each file that a person must decide.
func sides(c change.Change, base, theirs tree.Tree) []forge.Sides {
	var open []forge.Sides
	for _, f := range c.Files {
		if f.Verdict != change.Conflicted || !f.Writes() {
			continue
		}
		s := forge.Sides{Path: f.Path, Ours: f.Before}
		from := f.Path
		if f.From != "" {
			from = f.From
		}
		if b, ok := base[from]; ok {
			s.Base = &b
		}
		if t, ok := theirs[from]; ok {
			s.Theirs = &t
		}
		open = append(open, s)
	}
	return open
}

// labels name the sides in the marks of a conflict.
var labels = change.Labels{Ours: "yours", Theirs: "startkit"}

// files reports a change.
func files(c change.Change) []File {
	var list []File
	for _, f := range c.Files {
		out := File{Path: f.Path, Verdict: string(f.Verdict), Reason: f.Reason, Notice: f.Notice}
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
