package flow

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/tree"
)

// Source is where some lines of a file came from.
type Source struct {
	// Lines are the lines as rendered, such as 3 or 3-17.
	Lines string `json:"lines"`
	// Template is the template's path below templates/, with the line where
	// the first of Lines stands; for what was computed, what it follows from.
	Template string `json:"template"`
	// Reason says why the feature is in the repository.
	Reason string `json:"reason"`
}

// Why says which templates wrote a file, or one line of it, named as
// PATH[:LINE] relative to dir.
func Why(dir, what string) ([]Source, error) {
	path, line := what, 0
	if i := strings.LastIndexByte(what, ':'); i > 0 {
		if n, err := strconv.Atoi(what[i+1:]); err == nil && n > 0 {
			path, line = what[:i], n
		}
	}
	r, err := open(dir, false)
	if err != nil {
		return nil, err
	}
	if err := r.current(); err != nil {
		return nil, err
	}
	p, t, err := rendered(r.saved)
	if err != nil {
		return nil, err
	}
	path, err = r.relative(dir, path)
	if err != nil {
		return nil, err
	}
	f, ok := t[path]
	if !ok {
		return nil, fault.NoPath(path)
	}
	if line > len(f.Lines) {
		return nil, fault.NoLine(path, len(f.Lines))
	}
	if line > 0 {
		return []Source{source(p, f.Lines[line-1], line, line)}, nil
	}
	return sources(p, f), nil
}

// sources joins the lines that follow each other in one template.
func sources(p plan.Plan, f tree.File) []Source {
	var list []Source
	for i := 0; i < len(f.Lines); {
		j := i + 1
		for j < len(f.Lines) && f.Lines[j].Template == f.Lines[i].Template && f.Lines[j].Feature == f.Lines[i].Feature {
			j++
		}
		list = append(list, source(p, f.Lines[i], i+1, j))
		i = j
	}
	return list
}

func source(p plan.Plan, o tree.Origin, from, to int) Source {
	s := Source{Lines: strconv.Itoa(from), Template: o.Template, Reason: reason(p, o.Feature)}
	if to > from {
		s.Lines = fmt.Sprintf("%d-%d", from, to)
	}
	switch {
	case o.Template == "":
		s.Template = "computed from the answers"
	case o.Line > 0:
		s.Template += ":" + strconv.Itoa(o.Line)
	}
	return s
}

// reason says why a feature is in a plan.
func reason(p plan.Plan, feature string) string {
	for _, s := range p.Steps {
		if s.Feature.Name == feature && s.Reason != "" {
			return feature + ": " + s.Reason
		}
	}
	for _, s := range p.Domains {
		if s.Feature.Name == feature {
			return "domain " + s.Domain.Name + ": asked for"
		}
	}
	var parts []string
	for _, s := range p.Parts {
		if s.Feature.Name == feature {
			parts = append(parts, s.Part.Kind+" "+s.Part.Name+" of "+s.Part.Domain)
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, ", ") + ": asked for"
	}
	return feature + ": asked for"
}
