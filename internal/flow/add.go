package flow

import (
	"context"
	"slices"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/fault"
)

// AddDomain adds a domain to a repository that its owners have edited. Adding
// it twice changes nothing.
func AddDomain(ctx context.Context, d answers.Domain, o Options) (Report, error) {
	r, err := open(o.Dir, !o.DryRun)
	if err != nil {
		return Report{}, err
	}
	wanted := r.saved
	wanted.Domains, err = with(r.saved.Domains, d)
	if err != nil {
		return Report{}, err
	}
	return turn(ctx, r, wanted, o)
}

// with adds a domain to a list. One that is there already must be the same.
func with(list []answers.Domain, d answers.Domain) ([]answers.Domain, error) {
	i := slices.IndexFunc(list, func(o answers.Domain) bool { return o.Name == d.Name })
	if i < 0 {
		return append(slices.Clone(list), d), nil
	}
	if list[i].Global != d.Global {
		return nil, fault.OtherRows(d.Name, list[i].Global)
	}
	if list[i] != d {
		return nil, fault.OtherEntity(d.Name, list[i].Entity, list[i].Plural)
	}
	return list, nil
}

// AddFeatures adds features, and what they need, to a repository. Adding them
// twice changes nothing.
func AddFeatures(ctx context.Context, names []string, o Options) (Report, error) {
	r, err := open(o.Dir, !o.DryRun)
	if err != nil {
		return Report{}, err
	}
	wanted := r.saved
	wanted.Stack = append(slices.Clone(r.saved.Stack), names...)
	return turn(ctx, r, wanted, o)
}
