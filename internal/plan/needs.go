package plan

import (
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/fault"
)

// close brings along what the chosen features need, and the parts that they
// have together, until nothing is missing, and refuses what cannot stand
// together.
func (m *maker) close() error {
	for i := 0; i < len(m.chosen); i++ {
		f := m.chosen[i]
		for _, need := range f.Needs {
			if err := m.meet(f, need); err != nil {
				return err
			}
		}
		if i == len(m.chosen)-1 {
			m.join()
		}
	}
	return m.conflicts()
}

// join adds the parts of what is chosen.
func (m *maker) join() {
	for _, f := range m.catalog.Features {
		if len(f.With) > 0 && !slices.ContainsFunc(f.With, func(name string) bool { return !m.has(name) }) {
			m.add(f, "between "+strings.Join(f.With, " and "))
		}
	}
}

// has says whether a feature of that name is chosen, or one that provides it.
func (m *maker) has(name string) bool {
	provides := func(p *catalog.Feature) bool { return slices.Contains(m.chosen, p) }
	return slices.ContainsFunc(m.catalog.Providers(name), provides)
}

// meet sees to it that a need of a feature is met: by a feature that is chosen
// already, else by the only one that can or the default among several.
func (m *maker) meet(f *catalog.Feature, need string) error {
	if m.has(need) {
		return nil
	}
	providers := m.catalog.Providers(need)
	if i := slices.IndexFunc(providers, func(p *catalog.Feature) bool { return slices.Contains(p.Default, need) }); i >= 0 {
		providers = providers[i : i+1]
	}
	if len(providers) != 1 {
		return fault.ChooseProvider(f.Name, need, names(providers))
	}
	m.add(providers[0], "needed by "+f.Name)
	return nil
}

func (m *maker) conflicts() error {
	for i, f := range m.chosen {
		for _, g := range m.chosen[i+1:] {
			if slices.Contains(f.Conflicts, g.Name) || slices.Contains(g.Conflicts, f.Name) {
				return fault.Conflicting(m.why(f), m.why(g))
			}
			for _, p := range f.Provides {
				if slices.Contains(g.Provides, p) {
					return fault.BothProvide(m.why(f), m.why(g), p)
				}
			}
		}
	}
	return nil
}

// why names a feature and, if it was not asked for, its reason.
func (m *maker) why(f *catalog.Feature) string {
	if r := m.reasons[f]; r != "" {
		return f.Name + " (" + r + ")"
	}
	return f.Name
}

func names(list []*catalog.Feature) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Name)
	}
	return out
}

// order sorts the chosen features: what a feature needs or starts after comes
// before it; among those that are free, the first name goes first.
func (m *maker) order() []*catalog.Feature {
	rest := slices.Clone(m.chosen)
	slices.SortFunc(rest, func(a, b *catalog.Feature) int { return strings.Compare(a.Name, b.Name) })
	var out []*catalog.Feature
	for len(rest) > 0 {
		i := slices.IndexFunc(rest, func(f *catalog.Feature) bool { return m.free(f, rest) })
		if i < 0 { // a circle: the first name breaks it
			i = 0
		}
		out = append(out, rest[i])
		rest = slices.Delete(rest, i, i+1)
	}
	return out
}

// free says whether nothing that must come before f is left in rest.
func (m *maker) free(f *catalog.Feature, rest []*catalog.Feature) bool {
	for _, word := range [][]string{{"core"}, f.Needs, f.With, f.After} {
		for _, name := range word {
			for _, p := range m.catalog.Providers(name) {
				if p != f && f.Name != "core" && slices.Contains(rest, p) {
					return false
				}
			}
		}
	}
	return true
}
