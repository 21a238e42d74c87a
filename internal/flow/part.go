package flow

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/disk"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/name"
)

// AddPart adds a part to a domain of a repository that its owners have edited.
// Adding it twice changes nothing. The domain may be left out if there is one.
func AddPart(ctx context.Context, p answers.Part, o Options) (Report, error) {
	r, err := open(o.Dir, !o.DryRun)
	if err != nil {
		return Report{}, err
	}
	if p.Domain, err = theDomain(r.saved, p.Domain, addCommand(p, p.Name)); err != nil {
		return Report{}, err
	}
	if err := name.CheckPart(p); err != nil {
		return Report{}, err
	}
	wanted := r.saved
	if findPart(r.saved, p) < 0 {
		if p.Number, err = number(r, p); err != nil {
			return Report{}, err
		}
		wanted.Parts = append(slices.Clone(r.saved.Parts), p)
	}
	s, err := between(r, wanted)
	if err != nil {
		return Report{}, err
	}
	s.check = func(c change.Change) ([]string, error) { return fits(r, p, s, c) }
	report, err := bring(ctx, r, s, o)
	for _, f := range report.change.Files {
		if err == nil && f.Before == nil && f.After != nil && name.Personal(p) {
			report.Notes = append(report.Notes, "the column reads as personal data: begin its comment in "+f.Path+
				" with pii=yes erase=null export=yes; and say pii=yes of the table, or with pii=no; if it tells nothing of a person")
		}
	}
	return report, err
}

// RemovePart takes a part out of a domain. Files that their owners edited are
// kept and listed.
func RemovePart(ctx context.Context, p answers.Part, o Options) (Report, error) {
	r, err := open(o.Dir, !o.DryRun)
	if err != nil {
		return Report{}, err
	}
	if p.Domain, err = theDomain(r.saved, p.Domain, "startkit remove "+p.Kind+" "+p.Name); err != nil {
		return Report{}, err
	}
	i := findPart(r.saved, p)
	if i < 0 {
		return Report{}, fault.NoPart(p.Kind, p.Name, p.Domain, partNames(r.saved, p))
	}
	wanted := r.saved
	wanted.Parts = slices.Delete(slices.Clone(r.saved.Parts), i, i+1)
	report, err := turn(ctx, r, wanted, o)
	if err != nil {
		return report, err
	}
	left, err := orphans(r, p, report.change)
	report.Notes = append(report.Notes, left...)
	return report, err
}

// addCommand is the command that adds a part under a name.
func addCommand(p answers.Part, name string) string {
	cmd := "startkit add " + p.Kind + " " + name
	if p.Domain != "" {
		cmd += " --domain " + p.Domain
	}
	return cmd
}

// theDomain is the domain that a command is about: the one of that name, or the
// only one.
func theDomain(a answers.Answers, wanted, command string) (string, error) {
	var there []string
	for _, d := range a.Domains {
		there = append(there, d.Name)
	}
	slices.Sort(there)
	f := features().Find(wanted)
	switch {
	case wanted == "" && len(there) == 1:
		return there[0], nil
	case wanted == "":
		return "", fault.WhichDomain(command, there)
	case slices.Contains(there, wanted):
		return wanted, nil
	case readyMade(f):
		return "", fault.ReadyMade(wanted)
	}
	return "", fault.NoDomain(wanted, there)
}

// readyMade says whether a feature is a domain that came with startkit.
func readyMade(f *catalog.Feature) bool { return f != nil && f.Layer == "domain" && !f.Domain() }

// findPart returns where a part of that kind, name and domain stands, or -1.
func findPart(a answers.Answers, p answers.Part) int {
	return slices.IndexFunc(a.Parts, func(q answers.Part) bool { return q.Kind == p.Kind && q.Name == p.Name && q.Domain == p.Domain })
}

// partNames are the names of what a domain has of the kind of a part.
func partNames(a answers.Answers, p answers.Part) (list []string) {
	for _, q := range a.Parts {
		if q.Kind == p.Kind && q.Domain == p.Domain {
			list = append(list, q.Name)
		}
	}
	slices.Sort(list)
	return list
}

// number is the next free number for a migration, after all that startkit and
// the owners have numbered, and 0 for another part.
func number(r repository, p answers.Part) (int, error) {
	if p.Kind != answers.Migration {
		return 0, nil
	}
	last := 1 // the one that comes with the domain
	for _, q := range r.saved.Parts {
		if q.Domain == p.Domain {
			last = max(last, q.Number)
		}
	}
	files, err := disk.List(r.root, ".sql")
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		digits, rest, ok := strings.Cut(path.Base(file), "_")
		n, err := strconv.Atoi(digits)
		if path.Dir(file) != folder(p.Domain)+"/migrations" || !ok || err != nil {
			continue
		}
		if rest == p.Name+".sql" {
			return 0, fault.MigrationThere(file, addCommand(p, "NAME"))
		}
		last = max(last, n)
	}
	return last + 1, nil
}

// folder is where the code of a domain stands.
func folder(domain string) string { return "internal/domains/" + domain }
