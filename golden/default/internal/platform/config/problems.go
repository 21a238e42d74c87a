package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
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
func (p Problems) inOrder(params []env.FieldParams) Problems {
	place := make(map[string]int)
	for i, param := range params {
		place[param.Key] = i
	}
	variable := func(problem Problem) string { return strings.TrimSuffix(problem.Name, fileSuffix) }
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Compare(place[variable(a)], place[variable(b)])
	})
	return slices.CompactFunc(p, func(a, b Problem) bool { return variable(a) == variable(b) })
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
