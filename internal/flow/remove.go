package flow

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/plan"
)

// RemoveFeatures takes features out of a repository. Files that their owners
// edited are kept and listed.
func RemoveFeatures(ctx context.Context, names []string, o Options) (Report, error) {
	r, err := open(o.Dir, !o.DryRun)
	if err != nil {
		return Report{}, err
	}
	was, err := plan.Make(r.saved, features())
	if err != nil {
		return Report{}, err
	}
	wanted := was.Answers
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	for _, name := range names {
		if f := features().Find(name); f != nil {
			name = f.Name
		}
		i := slices.Index(wanted.Stack, name)
		if i < 0 {
			return Report{}, notAsked(was, name)
		}
		wanted.Stack = slices.Delete(slices.Clone(wanted.Stack), i, i+1)
	}
	is, err := plan.Make(wanted, features())
	if err != nil {
		return Report{}, err
	}
	for _, s := range is.Steps {
		if slices.Contains(names, s.Feature.Name) || slices.Contains(names, s.Feature.Alias) {
			return Report{}, fault.StillNeeded(s.Feature.Name, s.Reason)
		}
	}
	return turn(ctx, r, wanted, o)
}

// notAsked says why a feature that was not asked for cannot be removed.
func notAsked(p plan.Plan, name string) error {
	for _, s := range p.Steps {
		if s.Feature.Name == name {
			return fault.StillNeeded(name, s.Reason)
		}
	}
	return fault.NotThere(name, p.Answers.Stack)
}

// RemoveDomain takes a domain out of a repository. Files that its owners
// edited are kept and listed.
func RemoveDomain(ctx context.Context, name string, o Options) (Report, error) {
	r, err := open(o.Dir, !o.DryRun)
	if err != nil {
		return Report{}, err
	}
	wanted := r.saved
	i := slices.IndexFunc(r.saved.Domains, func(d answers.Domain) bool { return d.Name == name })
	if i < 0 {
		var names []string
		for _, d := range r.saved.Domains {
			names = append(names, d.Name)
		}
		return Report{}, fault.NotThere(name, names)
	}
	wanted.Domains = slices.Delete(slices.Clone(r.saved.Domains), i, i+1)
	wanted.Parts = slices.DeleteFunc(slices.Clone(r.saved.Parts), func(p answers.Part) bool { return p.Domain == name })
	return turn(ctx, r, wanted, o)
}

// leaves says what a change leaves to do by hand: what migrations made that are
// gone, and code of the owners that imports what is.
func leaves(root, module string, c change.Change) (notes []string, err error) {
	for _, f := range c.Files {
		if f.Before != nil && f.After == nil && migration(f.Path) {
			notes = append(notes, "what "+f.Path+" made is still in the databases where it ran; drop it there when its data is not wanted, and its row of schema_migrations before another migration gets its number")
		}
	}
	left, err := danglers(root, module, c)
	return append(notes, left...), err
}

// migration says whether a file is one.
func migration(file string) bool {
	return strings.HasSuffix(file, ".sql") && path.Base(path.Dir(file)) == "migrations"
}
