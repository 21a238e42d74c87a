// Package flow holds the recipes: one file a command. A recipe is the only
// place where the head (plan, render, change: bytes in, bytes out) and the
// hands (disk, forge: the world) meet.
//
//	new          nothing            -> Render(answers)          -> a folder
//	add domain   Render(saved)      -> Render(saved + domain)   -> merged onto what is there
//	why          Render(saved)      -> the templates behind a file
package flow

import (
	"context"
	"fmt"
	"sync"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/forge"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/render"
	"github.com/startkit/startkit/internal/tree"
	"github.com/startkit/startkit/templates"
)

// features reads the catalogue that this binary carries, once. That it is
// sound is proved by tests, so an error is a fault of the build.
var features = sync.OnceValue(func() *catalog.Catalog {
	c, err := catalog.Load(templates.FS)
	if err != nil {
		panic(fmt.Sprintf("the templates in this binary do not fit together: %v", err))
	}
	return c
})

// rendered makes answers whole and renders them.
func rendered(a answers.Answers) (plan.Plan, tree.Tree, error) {
	p, err := plan.Make(a, features())
	if err != nil {
		return p, nil, err
	}
	t, err := render.Render(p)
	return p, t, err
}

// Answers reads a file of answers.
func Answers(file string, data []byte) (answers.Answers, error) {
	a, err := plan.Parse(file, data)
	if err != nil {
		return a, fault.BadAnswers(err)
	}
	return a, nil
}

// DefaultStack is what a repository stands on when nobody says.
func DefaultStack() []string { return []string{"pre-seed"} }

// planned lists the features of a plan for a report.
func planned(p plan.Plan) []Planned {
	var list []Planned
	for _, s := range p.Steps {
		if s.Feature.Name != "core" {
			list = append(list, Planned{s.Feature.Name, s.Reason})
		}
	}
	return list
}

// DefaultModule proposes a module path for an application from what git knows
// of its author.
func DefaultModule(ctx context.Context, dir, name string) string {
	u := forge.ConfigUser(ctx, dir)
	u.Origin = "" // of the repository that dir happens to be in
	return u.Module(name)
}
