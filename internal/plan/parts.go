package plan

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/name"
)

// PartStep is a feature and a part of a domain that it renders.
type PartStep struct {
	Feature *catalog.Feature
	Domain  answers.Domain
	Part    answers.Part
}

// parts finds the features that render each part and brings along what it
// needs.
func (m *maker) parts(a answers.Answers) ([]PartStep, error) {
	if err := apart(a.Parts); err != nil {
		return nil, err
	}
	var steps []PartStep
	for _, p := range sorted(a.Parts) {
		at := slices.IndexFunc(a.Domains, func(d answers.Domain) bool { return d.Name == p.Domain })
		if at < 0 {
			return nil, fault.PartOfNone(p.Kind, p.Name, p.Domain, domainNames(a))
		}
		if err := fresh(p, a.Domains[at], a.Parts); err != nil {
			return nil, err
		}
		for _, f := range m.rendersPart(p, a.Domains[at]) {
			for _, need := range f.Needs {
				if err := m.meet(f, need); err != nil {
					return nil, err
				}
			}
			steps = append(steps, PartStep{f, a.Domains[at], p})
		}
	}
	return steps, nil
}

// apart refuses parts that would write one file, and migrations with one number.
func apart(parts []answers.Part) error {
	for i, p := range parts {
		for _, q := range parts[:i] {
			if p.Domain != q.Domain || p.Kind != q.Kind {
				continue
			}
			if p.Name == q.Name {
				return fault.PartTwice(p.Kind, p.Name, p.Domain)
			}
			if p.Number == q.Number && p.Number > 0 {
				return fault.NumberTwice(q.Name, p.Name, fault.Number{Domain: p.Domain, Taken: p.Number, Free: free(parts, p.Domain)})
			}
		}
	}
	return nil
}

// fresh refuses a migration that makes what the domain came with, or what
// another one makes under another name: add_total and total are one column.
func fresh(p answers.Part, d answers.Domain, parts []answers.Part) error {
	if p.Kind != answers.Migration {
		return nil
	}
	made, table := name.Made(p)
	if table && made.Snake() == d.Plural {
		return fault.MadeTwice(p.Name, p.Domain, "the domain itself")
	}
	for _, q := range parts {
		if q.Kind != answers.Migration || q.Domain != p.Domain || q.Name == p.Name {
			continue
		}
		if also, isTable := name.Made(q); also == made && isTable == table {
			return fault.MadeTwice(p.Name, p.Domain, q.Name)
		}
	}
	return nil
}

// free is the number behind those of all migrations of a domain.
func free(parts []answers.Part, domain string) int {
	last := 0
	for _, p := range parts {
		if p.Domain == domain {
			last = max(last, p.Number)
		}
	}
	return last + 1
}

// rendersPart are the features that render a part: the one of its kind or, for
// a migration, of what it makes; and where it matters whose the rows of the
// domain are, another one of that name and -tenant or -global.
func (m *maker) rendersPart(p answers.Part, d answers.Domain) []*catalog.Feature {
	feature, rows := p.Kind, "-tenant"
	if d.Global {
		rows = "-global"
	}
	if p.Kind == answers.Migration {
		feature = "column"
		if _, table := name.Made(p); table {
			feature = "table"
		}
	}
	found := []*catalog.Feature{m.catalog.Find(feature), m.catalog.Find(feature + rows)}
	return slices.DeleteFunc(found, func(f *catalog.Feature) bool { return f == nil })
}

// sorted returns parts by domain; those of one as they were added. So the row of
// a new part comes last in each list, where no edit of the owners surrounds it.
func sorted(parts []answers.Part) []answers.Part {
	list := slices.Clone(parts)
	slices.SortStableFunc(list, func(a, b answers.Part) int { return strings.Compare(a.Domain, b.Domain) })
	return list
}

func domainNames(a answers.Answers) (list []string) {
	for _, d := range a.Domains {
		list = append(list, d.Name)
	}
	return list
}

// formatParts writes the rows of parts, those of each domain together.
func formatParts(w io.Writer, parts []answers.Part) {
	for i, p := range parts {
		if i == 0 || parts[i-1].Domain != p.Domain {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s %s domain %s", p.Kind, p.Name, p.Domain)
		if p.Number > 0 {
			fmt.Fprintf(w, " number %d", p.Number)
		}
		fmt.Fprintln(w)
	}
}

// parsePart reads: job send_reminder domain billing, and number 2 behind it if
// it is a migration.
func parsePart(words []string) (answers.Part, error) {
	kind, n := words[0], 4
	like := kind + " send_reminder domain billing"
	if kind == answers.Migration {
		n, like = 6, "migration add_due_date domain billing number 2"
	}
	if len(words) != n || words[2] != "domain" || n > 4 && words[4] != "number" {
		return answers.Part{}, fmt.Errorf("a row of this kind reads: %s", like)
	}
	p := answers.Part{Kind: kind, Name: words[1], Domain: words[3]}
	if n > 4 {
		number, err := strconv.Atoi(words[5])
		if err != nil || number < 2 {
			return p, fmt.Errorf("the number of a migration is 2 or more, after the one of the domain, not %q", words[5])
		}
		p.Number = number
	}
	return p, name.CheckPart(p)
}
