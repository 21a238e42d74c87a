package config

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is what is wrong with one variable.
type Problem struct {
	// Name is the variable, as it stands in the environment.
	Name string

	// Text says what is wrong and what is expected, as the end of a sentence that begins with Name.
	Text string
}

// Problems are all that is wrong with an environment.
type Problems []Problem

// Error lists the problems, one a line.
func (p Problems) Error() string {
	var text strings.Builder
	text.WriteString("the environment cannot be used")
	for _, problem := range p {
		fmt.Fprintf(&text, "\n    %s %s", problem.Name, problem.Text)
	}
	return text.String()
}

// inOrder sorts the problems as the variables stand in Config and keeps the first of each variable: a value that cannot be
// read is zero to the checks, which would refuse it again.
func (p Problems) inOrder(rows []Row) Problems {
	place := func(problem Problem) int {
		return slices.IndexFunc(rows, func(r Row) bool { return r.Name == strings.TrimSuffix(problem.Name, fileSuffix) })
	}
	slices.SortStableFunc(p, func(a, b Problem) int { return place(a) - place(b) })
	return slices.CompactFunc(p, func(a, b Problem) bool { return place(a) == place(b) })
}

// unless adds a problem if good is false.
func (p *Problems) unless(good bool, name, text string) {
	if !good {
		p.add(name, text)
	}
}

func (p *Problems) add(name, text string) {
	*p = append(*p, Problem{Name: name, Text: text})
}
