package flow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/tree"
)

// Options are what every command on a repository has in common.
type Options struct {
	Dir string // a folder in the repository
	// Force merges into files with changes that are not committed.
	Force  bool
	DryRun bool
}

// turn changes a repository from its saved answers to the wanted ones: two
// renders, and their difference merged onto what is on the disk.
func turn(ctx context.Context, r repository, wanted answers.Answers, o Options) (Report, error) {
	s, err := between(r, wanted)
	if err != nil {
		return Report{}, err
	}
	report, err := bring(ctx, r, s, o)
	if err != nil {
		return report, err
	}
	left, err := leaves(r.root, wanted.Module, report.change)
	report.Notes = append(report.Notes, left...)
	return report, err
}

// between renders what a repository was made from and what it is to be.
func between(r repository, wanted answers.Answers) (step, error) {
	if err := r.current(); err != nil {
		return step{}, err
	}
	was, before, err := rendered(r.saved)
	if err != nil {
		return step{}, err
	}
	p, after, err := rendered(wanted)
	if err != nil {
		return step{}, err
	}
	return step{
		plan: p, brings: without(p, was), gone: without(was, p),
		before: before, after: after, renamed: renamed(before, after, r.saved.Name, wanted.Name),
	}, nil
}

// without are the features of one plan that another has not.
func without(a, b plan.Plan) []Planned {
	return slices.DeleteFunc(planned(a), func(f Planned) bool {
		return slices.ContainsFunc(planned(b), func(other Planned) bool { return other.Name == f.Name })
	})
}

// step is the difference of two renders.
type step struct {
	plan          plan.Plan // of the second
	brings        []Planned // what the first did not have
	gone          []Planned // what the second has not
	before, after tree.Tree
	update        bool // seeds are left alone
	// renamed maps paths of before to where they are in after.
	renamed map[string]string
	// check, if it is not nil, sees the merged change before it is written, and
	// refuses it or says what a person should know.
	check func(change.Change) (notes []string, err error)
}

// bring merges the difference of two renders onto the repository and writes
// it.
func bring(ctx context.Context, r repository, s step, o Options) (Report, error) {
	moved, err := forge.Renames(ctx, r.root, answers.File)
	if err != nil {
		moved = nil // without git nothing says what was moved
	}
	c, notes, err := s.merge(r.root, moved)
	if err != nil {
		return Report{}, err
	}
	if err := room(c); err != nil {
		return Report{}, err
	}
	if s.check != nil {
		more, err := s.check(c)
		if err != nil {
			return Report{}, err
		}
		notes = append(notes, more...)
	}
	if err := clean(ctx, r.root, c, o.Force); err != nil {
		return Report{}, errors.Join(ctx.Err(), err)
	}
	more, err := ignored(ctx, r.root, c)
	if err != nil {
		return Report{}, errors.Join(ctx.Err(), err)
	}
	notes = append(notes, more...)
	report := Report{
		Dir: o.Dir, Planned: planned(s.plan), Files: files(c), Notes: append(r.notes, notes...),
		Next: "make test && git add -A && git commit", change: c, brings: s.brings, gone: s.gone,
	}
	if o.DryRun || ctx.Err() != nil {
		return report, ctx.Err()
	}
	ctx = context.WithoutCancel(ctx) // from here on it is done to the end
	if err := disk.Apply(r.root, c.Edits()); err != nil {
		return Report{}, fault.Unwritten(err)
	}
	return report, mark(ctx, r.root, s.sides(c))
}

// merge puts what differs between two renders onto what is on the disk.
func (s step) merge(root string, moved map[string]string) (change.Change, []string, error) {
	base, theirs := differing(s.before, s.after)
	ours, err := present(root, append(base.Paths(), theirs.Paths()...), moved)
	if err != nil {
		return change.Change{}, nil, err
	}
	base, ours = rename(base, s.renamed), rename(ours, s.renamed)
	for from, to := range s.renamed {
		if at, ok := moved[from]; ok {
			moved = maps.Clone(moved)
			delete(moved, from)
			moved[to] = at
		}
	}
	c := change.Merge(base, ours, theirs, change.Options{Labels: labels, Update: s.update, Moved: moved, Module: modules(root, ours)})
	c = relocated(c, s.renamed)
	var notes []string
	for _, f := range c.Files {
		notes = append(notes, f.Notes...)
	}
	slices.SortFunc(c.Files, func(a, b change.File) int { return strings.Compare(a.Path, b.Path) })
	return c, notes, nil
}

// differing leaves out of two trees the files that are the same in both.
func differing(before, after tree.Tree) (base, theirs tree.Tree) {
	base, theirs = tree.Tree{}, tree.Tree{}
	for p, f := range before {
		if g, ok := after[p]; !ok || !f.Same(g) {
			base[p] = f
		}
	}
	for p, f := range after {
		if g, ok := before[p]; !ok || !f.Same(g) {
			theirs[p] = f
		}
	}
	return base, theirs
}

// present reads what is on the disk at the paths, where they were moved to, and
// where a file stands in the place of one of their folders.
func present(root string, paths []string, moved map[string]string) (tree.Tree, error) {
	var folders []string
	for _, p := range slices.Clone(paths) {
		if to, ok := moved[p]; ok {
			paths = append(paths, to)
		}
		folders = append(folders, above(p)...)
	}
	slices.Sort(paths)
	slices.Sort(folders)
	ours, err := disk.Read(root, slices.Compact(paths))
	if err != nil {
		return nil, fault.Odd(err)
	}
	files, err := disk.Read(root, slices.Compact(folders))
	var folder *disk.OddError
	if err != nil && !errors.As(err, &folder) {
		return nil, err
	}
	maps.Copy(ours, files)
	return ours, nil
}

// above lists the folders above a path: a file may stand where one is wanted.
func above(p string) (list []string) {
	for i := range p {
		if p[i] == '/' {
			list = append(list, p[:i])
		}
	}
	return list
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
