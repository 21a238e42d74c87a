package flow

import (
	"context"
	"slices"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/fault"
)

// AddRequest is what `startkit add` was asked for.
type AddRequest struct {
	Dir    string // a folder in the repository
	Domain answers.Domain
	// Force merges into files with changes that are not committed.
	Force  bool
	DryRun bool
}

// AddDomain adds a domain to a repository that its owners have edited. Adding
// it twice changes nothing.
func AddDomain(ctx context.Context, req AddRequest) (Report, error) {
	r, err := open(req.Dir)
	if err != nil {
		return Report{}, err
	}
	wanted := r.saved
	wanted.Domains, err = with(r.saved.Domains, req.Domain)
	if err != nil {
		return Report{}, err
	}
	return turn(ctx, r, wanted, Options{Dir: req.Dir, Force: req.Force, DryRun: req.DryRun})
}

// with adds a domain to a list. One that is there already must be the same.
func with(list []answers.Domain, d answers.Domain) ([]answers.Domain, error) {
	i := slices.IndexFunc(list, func(o answers.Domain) bool { return o.Name == d.Name })
	if i < 0 {
		return append(slices.Clone(list), d), nil
	}
	if list[i] != d {
		return nil, fault.OtherEntity(d.Name, list[i].Entity)
	}
	return list, nil
}
