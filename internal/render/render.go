// Package render turns a plan into a tree: every file of the repository in
// memory, each line with the template that wrote it. It reads no disk, no
// clock, no environment and no network, so the same plan gives the same bytes
// on every machine.
//
//	Plan -> pieces (a template, and the domain it is for) -> lines -> slots -> Tree
//
// What is rendered is already what gofmt would write: templates are written
// so, and tests prove it for every set of features. The one thing done at run
// time is to sort the lines of an import block, because their order depends on
// the names that the user chose.
package render

import (
	"fmt"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/catalog"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/plan"
	"github.com/startkit/startkit/internal/tree"
)

// Render renders every file of the plan.
func Render(p plan.Plan) (tree.Tree, error) {
	r := renderer{plan: p, repository: newData(p), slots: map[string][]fragment{}}
	if err := r.fragments(); err != nil {
		return nil, err
	}
	out := tree.Tree{}
	for _, pc := range r.pieces() {
		f, err := r.file(pc)
		if err != nil {
			return nil, err
		}
		if _, taken := out[pc.path]; taken {
			return nil, fault.TwoFiles(pc.path, pc.template.Source)
		}
		out[pc.path] = f
	}
	return out, computed(p, out)
}

type renderer struct {
	plan       plan.Plan
	repository data                  // what templates see, without a domain
	slots      map[string][]fragment // what fills a slot, by slotKey, in plan order
}

// piece is a template and the path that it is written to.
type piece struct {
	feature  string
	template catalog.Template
	path     string
	data     data
}

// fragment is the rendered content of a fragment.
type fragment []line

func slotKey(path, slot string) string { return path + "\x00" + slot }

// instance is a feature and the data that it sees: the repository's for a
// feature of the stack, a domain's or a part's for the feature that renders one.
type instance struct {
	feature *catalog.Feature
	data    data
}

func (r *renderer) instances() []instance {
	var list []instance
	for _, s := range r.plan.Steps {
		list = append(list, instance{s.Feature, r.repository})
	}
	for i, s := range r.plan.Domains {
		list = append(list, instance{s.Feature, r.repository.withDomain(s.Domain)})
		if i+1 < len(r.plan.Domains) && r.plan.Domains[i+1].Domain == s.Domain {
			continue
		}
		for _, p := range r.plan.Parts {
			if p.Domain == s.Domain {
				list = append(list, instance{p.Feature, r.repository.withDomain(p.Domain).withPart(p.Part)})
			}
		}
	}
	return list
}

// each calls fn for every path that a path with variables stands for: one, or
// one for every domain when a feature of the stack writes into domains.
func (r *renderer) each(in instance, path string, fn func(path string, d data) error) error {
	if in.data.Domain != "" || !strings.Contains(path, "{domain}") {
		return fn(in.data.path(path), in.data)
	}
	for _, d := range r.plan.Answers.Domains {
		data := r.repository.withDomain(d)
		if err := fn(data.path(path), data); err != nil {
			return err
		}
	}
	return nil
}

func (r *renderer) pieces() []piece {
	var list []piece
	for _, in := range r.instances() {
		for _, t := range in.feature.Templates {
			// The callback never fails.
			_ = r.each(in, t.Path, func(path string, d data) error {
				list = append(list, piece{in.feature.Name, t, path, d})
				return nil
			})
		}
	}
	return list
}

// fragments renders every fragment. One for a file that is not there sleeps:
// nobody looks its slot up.
func (r *renderer) fragments() error {
	for _, in := range r.instances() {
		for _, fr := range in.feature.Fragments {
			err := r.each(in, fr.Target, func(path string, d data) error {
				lines, err := execute(source{in.feature.Name, fr.Source, fr.Text}, d)
				key := slotKey(path, fr.Slot)
				r.slots[key] = append(r.slots[key], lines)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *renderer) file(pc piece) (tree.File, error) {
	t := pc.template
	if t.Plain {
		return plain(pc), nil
	}
	lines, err := execute(source{pc.feature, t.Source, t.Text}, pc.data)
	if err != nil {
		return tree.File{}, err
	}
	lines = r.fill(pc.path, lines)
	if strings.HasSuffix(pc.path, ".go") {
		lines = sortImports(lines)
	}
	return join(lines, t), nil
}

// plain is a file that is copied as it is.
func plain(pc piece) tree.File {
	f := tree.File{Data: []byte(pc.template.Text), Seed: pc.template.Seed, Exec: strings.HasPrefix(pc.template.Text, "#!")}
	for i := range strings.Count(pc.template.Text, "\n") {
		f.Lines = append(f.Lines, tree.Origin{Feature: pc.feature, Template: pc.template.Source, Line: i + 1})
	}
	return f
}

func join(lines []line, t catalog.Template) tree.File {
	var b strings.Builder
	f := tree.File{Seed: t.Seed, Lines: make([]tree.Origin, 0, len(lines))}
	for _, l := range lines {
		b.WriteString(l.text)
		b.WriteByte('\n')
		f.Lines = append(f.Lines, l.origin)
	}
	f.Data = []byte(b.String())
	f.Exec = strings.HasPrefix(b.String(), "#!")
	return f
}

// computed adds the files that no template writes.
func computed(p plan.Plan, t tree.Tree) error {
	modules, err := modules(p, t)
	if err != nil {
		return fmt.Errorf("compute go.mod: %w", err)
	}
	for path, f := range modules {
		t[path] = f
	}
	t[answers.File] = whole(plan.Format(p.Answers))
	return nil
}

// whole is a file that was computed and stands in no template.
func whole(b []byte) tree.File {
	f := tree.File{Data: b}
	for range strings.Count(string(b), "\n") {
		f.Lines = append(f.Lines, tree.Origin{Feature: "core"})
	}
	return f
}
