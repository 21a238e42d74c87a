// Package plan makes answers whole: it finds the features that were asked for,
// brings along what they need, refuses what cannot stand together, and puts
// all in the order in which a program opens them. Each feature carries the
// reason why it is there.
//
//	Answers + Catalog -> Plan
//
// The order depends on nothing but the set of features: needs and after come
// first, and names decide the rest. So the order of flags never shows.
package plan

import (
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/fault"
)

// Plan is answers made whole.
type Plan struct {
	// Answers are in canonical form: the names of features instead of their
	// aliases, each once, in the order of Steps; domains sorted by name, and parts by
	// domain.
	Answers answers.Answers
	// Steps are the features of the repository in start order.
	Steps []Step
	// Domains are the features that render the domains, in the order of
	// Answers.Domains: for each the blank one, and the one for its rows.
	Domains []DomainStep
	// Parts are the features that render the parts of domains, in the order of
	// Answers.Parts.
	Parts []PartStep
}

// Step is a feature and why it is there.
type Step struct {
	Feature *catalog.Feature
	// Reason is empty for what was asked for by name, else a phrase such as
	// "needed by asynq".
	Reason string
}

// DomainStep is a feature and a domain that it renders.
type DomainStep struct {
	Feature *catalog.Feature
	Domain  answers.Domain
}

// Make makes answers whole. It refuses unknown names, two features that
// exclude each other, and a need that several features could meet.
func Make(a answers.Answers, c *catalog.Catalog) (Plan, error) {
	m := maker{catalog: c, reasons: map[*catalog.Feature]string{}}
	if err := m.ask(a.Stack); err != nil {
		return Plan{}, err
	}
	m.bring("core", "every repository has it")
	if err := m.close(); err != nil {
		return Plan{}, err
	}
	p := Plan{Answers: a}
	domains, err := m.domains(a.Domains)
	if err != nil {
		return Plan{}, err
	}
	p.Domains = domains
	if err := m.close(); err != nil {
		return Plan{}, err
	}
	if p.Parts, err = m.parts(a); err != nil {
		return Plan{}, err
	}
	if err := m.close(); err != nil {
		return Plan{}, err
	}
	for _, f := range m.order() {
		p.Steps = append(p.Steps, Step{Feature: f, Reason: m.reasons[f]})
	}
	p.Answers.Stack = nil
	for _, s := range p.Steps {
		if s.Reason == "" {
			p.Answers.Stack = append(p.Answers.Stack, s.Feature.Name)
		}
	}
	p.Answers.Domains = slices.Clone(a.Domains)
	slices.SortFunc(p.Answers.Domains, byName)
	p.Answers.Parts = sorted(a.Parts)
	return p, nil
}

// maker collects the features of a plan.
type maker struct {
	catalog *catalog.Catalog
	chosen  []*catalog.Feature
	reasons map[*catalog.Feature]string
}

func (m *maker) ask(stack []string) error {
	var unknown []string
	for _, name := range stack {
		f := m.catalog.Find(name)
		if f == nil || f.Domain() || f.Part {
			unknown = append(unknown, name)
			continue
		}
		m.add(f, "")
	}
	if len(unknown) > 0 {
		return fault.UnknownFeature(unknown, m.catalog.Names())
	}
	return nil
}

// domains finds the features that render each domain and brings along what
// they need.
func (m *maker) domains(list []answers.Domain) ([]DomainStep, error) {
	if err := distinct(list); err != nil {
		return nil, err
	}
	list = slices.Clone(list)
	slices.SortFunc(list, byName)
	var steps []DomainStep
	for _, d := range list {
		for _, f := range m.renders(d) {
			steps = append(steps, DomainStep{Feature: f, Domain: d})
			for _, need := range f.Needs {
				m.bring(need, "needed by domain "+d.Name)
			}
		}
	}
	return steps, nil
}

// distinct refuses two domains of one name, and two entities of one name or one
// plural: the API names its schemas and operations by them.
func distinct(list []answers.Domain) error {
	for i, d := range list {
		for _, e := range list[:i] {
			switch {
			case d.Name == e.Name:
				return fault.DomainTwice(d.Name)
			case d.Entity == e.Entity, d.Plural == e.Plural, d.Entity == e.Plural, d.Plural == e.Entity:
				return fault.EntityTwice(d.Entity, e.Name, d.Name)
			}
		}
	}
	return nil
}

// renders are the features that render a domain: the blank one, and one for
// whose its rows are.
func (m *maker) renders(d answers.Domain) []*catalog.Feature {
	rows := "tenant"
	if d.Global {
		rows = "global"
	}
	found := []*catalog.Feature{m.catalog.Find("blank"), m.catalog.Find(rows)}
	return slices.DeleteFunc(found, func(f *catalog.Feature) bool { return f == nil })
}

func byName(a, b answers.Domain) int { return strings.Compare(a.Name, b.Name) }

func (m *maker) add(f *catalog.Feature, reason string) {
	if !slices.Contains(m.chosen, f) {
		m.chosen = append(m.chosen, f)
		m.reasons[f] = reason
	}
}

// bring adds the feature of that name, if there is one.
func (m *maker) bring(name, reason string) {
	if f := m.catalog.Find(name); f != nil {
		m.add(f, reason)
	}
}
