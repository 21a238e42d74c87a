package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/manifest"
)

// slotLine matches a line of a template that is a slot, and captures its name.
var slotLine = regexp.MustCompile(`^[ \t]*\{\{slot "([a-z_]+)"(?: "[^"]+")?\}\}\n?$`)

// check refuses features that do not fit together, all mistakes at once.
func (c *Catalog) check() error {
	var errs []error
	for _, f := range c.Features {
		for _, name := range []string{f.Name, f.Alias} {
			if other := c.byName[name]; other != nil && name != "" {
				errs = append(errs, fmt.Errorf("%s/feature.mod and %s/feature.mod: both are called %s", other.Dir, f.Dir, name))
			} else if name != "" {
				c.byName[name] = f
			}
		}
	}
	for _, f := range c.Features {
		errs = append(errs, c.checkWords(f)...)
	}
	owners, ownerErrs := c.owners()
	errs = append(errs, ownerErrs...)
	for _, f := range c.Features {
		errs = append(errs, c.checkFragments(f, owners)...)
	}
	return errors.Join(errs...)
}

func (c *Catalog) checkWords(f *Feature) []error {
	var errs []error
	known := func(word string, names []string) {
		for _, n := range names {
			if len(c.Providers(n)) == 0 {
				errs = append(errs, fmt.Errorf("%s/feature.mod: %s %s: no feature is called that or provides it", f.Dir, word, n))
			}
		}
	}
	known("needs", f.Needs)
	known("with", f.With)
	known("after", f.After)
	known("conflicts", f.Conflicts)
	if len(f.With) > 0 && !f.Part {
		errs = append(errs, fmt.Errorf("%s/feature.mod: with is for a part: feature %s // part", f.Dir, f.Name))
	}
	return errs
}

// owners maps each path to the templates that write it. Two features may
// write one path only if they can never be in one plan.
func (c *Catalog) owners() (map[string][]Template, []error) {
	type owned struct {
		feature *Feature
		source  string
	}
	first := map[string][]owned{}
	owners := map[string][]Template{}
	var errs []error
	for _, f := range c.Features {
		for _, t := range f.Templates {
			for _, o := range first[t.Path] {
				if !exclusive(f, o.feature) {
					errs = append(errs, fmt.Errorf("%s and %s: both write %s", o.source, t.Source, t.Path))
				}
			}
			first[t.Path] = append(first[t.Path], owned{f, t.Source})
			owners[t.Path] = append(owners[t.Path], t)
		}
	}
	return owners, errs
}

// exclusive says whether two features can never be in one plan.
func exclusive(a, b *Feature) bool {
	for _, p := range a.Provides {
		if slices.Contains(b.Provides, p) {
			return true
		}
	}
	return slices.Contains(a.Conflicts, b.Name) || slices.Contains(b.Conflicts, a.Name)
}

func (c *Catalog) checkFragments(f *Feature, owners map[string][]Template) []error {
	var errs []error
	for _, fr := range f.Fragments {
		files := owners[fr.Target]
		if len(files) == 0 {
			errs = append(errs, &manifest.Error{File: fr.Source, Line: 1, What: "no feature writes " + fr.Target})
		}
		for _, t := range files {
			if !slices.Contains(Slots(t.Text), fr.Slot) {
				errs = append(errs, &manifest.Error{File: fr.Source, Line: 1,
					What: fmt.Sprintf("%s has no slot %q; it has %s", t.Source, fr.Slot, strings.Join(Slots(t.Text), ", "))})
			}
		}
	}
	return errs
}

// Slots returns the names of the slots of a template, in order.
func Slots(text string) []string {
	var names []string
	for l := range strings.Lines(text) {
		if !strings.Contains(l, "{{slot ") {
			continue
		}
		if m := slotLine.FindStringSubmatch(l); m != nil {
			names = append(names, m[1])
		}
	}
	return names
}
