package flow

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/startkit/startkit/internal/answers"
	"github.com/startkit/startkit/internal/change"
	"github.com/startkit/startkit/internal/fault"
	"github.com/startkit/startkit/internal/gomod"
	"github.com/startkit/startkit/internal/name"
	"github.com/startkit/startkit/internal/tree"
)

// Set changes the name or the module path of a repository: key=value, with the
// keys of startkit.mod.
func Set(ctx context.Context, pairs []string, o Options) (Report, error) {
	r, err := open(o.Dir, !o.DryRun)
	if err != nil {
		return Report{}, err
	}
	wanted := r.saved
	for _, pair := range pairs {
		if err := set(&wanted, pair); err != nil {
			return Report{}, err
		}
	}
	report, err := turn(ctx, r, wanted, o)
	if err != nil {
		return report, err
	}
	notes, err := strangers(r.root, r.saved.Module, wanted.Module, report.change)
	report.Notes = append(report.Notes, roles(r.saved.Name, wanted.Name, report.change)...)
	report.Notes = append(report.Notes, notes...)
	return report, err
}

// roles says how those of a database get their new names, if a change gives
// them new ones: what migrations granted where they ran is theirs.
func roles(old, now string, c change.Change) []string {
	old, now = strings.ReplaceAll(old, "-", "_"), strings.ReplaceAll(now, "-", "_")
	migrates := slices.ContainsFunc(c.Files, func(f change.File) bool { return migration(f.Path) && f.Writes() })
	if old == now || !migrates {
		return nil
	}
	return []string{fmt.Sprintf("the roles of Postgres begin with %s_ now; where migrations ran, rename them before the new program migrates, in psql: "+
		`select format('alter role %%I rename to %%I', '%s_' || s, '%s_' || s) from (select nspname from pg_namespace union values ('domain'), ('across_tenants')) r (s) where to_regrole('%s_' || s) is not null \gexec`,
		now, old, now, old)}
}

func set(a *answers.Answers, pair string) error {
	key, value, _ := strings.Cut(pair, "=")
	switch key {
	case "name":
		a.Name = value
		return unset("name=NAME", name.CheckApp(value))
	case "module":
		a.Module = value
		return unset("module=PATH", name.CheckModule(value))
	}
	return fault.UnknownKey(pair)
}

// unset says that a value cannot be set, and why; nil for nil.
func unset(form string, err error) error {
	if err == nil {
		return nil
	}
	return fault.NoSetting(form, err)
}

// strangers names the owners' files that still import the old module path.
func strangers(root, old, now string, c change.Change) ([]string, error) {
	if old == now {
		return nil, nil
	}
	imports, err := importers(root, c)
	if err != nil {
		return nil, err
	}
	var notes []string
	for _, p := range imports.Paths() {
		list, err := gomod.Imports(imports[p].Data)
		if err != nil {
			continue
		}
		for _, imp := range list {
			if imp == old || strings.HasPrefix(imp, old+"/") {
				notes = append(notes, fmt.Sprintf("%s still imports %s; it is %s now", p, imp, now+strings.TrimPrefix(imp, old)))
			}
		}
	}
	return notes, nil
}

// importers reads the Go files of a repository as they are once a change is in
// it.
func importers(root string, c change.Change) (tree.Tree, error) {
	files, err := goFiles(root)
	if err != nil {
		return nil, err
	}
	for _, e := range c.Edits() {
		delete(files, e.Path)
		if e.After != nil && strings.HasSuffix(e.Path, ".go") {
			files[e.Path] = *e.After
		}
	}
	return files, nil
}

// renamed maps paths of one render to those of another that hold the same file
// under a new name of the application.
func renamed(before, after tree.Tree, was, is string) map[string]string {
	moved := map[string]string{}
	for p := range before {
		q := strings.ReplaceAll("/"+p+"/", "/"+was+"/", "/"+is+"/")
		q = strings.Trim(q, "/")
		if _, there := after[p]; there || q == p {
			continue
		}
		if _, wanted := after[q]; wanted {
			moved[p] = q
		}
	}
	return moved
}

// rename moves files of a tree to the paths that they are to have.
func rename(t tree.Tree, moved map[string]string) tree.Tree {
	t = maps.Clone(t)
	for from, to := range moved {
		if f, ok := t[from]; ok {
			delete(t, from)
			t[to] = f
		}
	}
	return t
}

// relocated says of the files of a change that were merged under a new path
// that they are new there and gone at the old one.
func relocated(c change.Change, moved map[string]string) change.Change {
	old := map[string]string{}
	for from, to := range moved {
		old[to] = from
	}
	for i, f := range c.Files {
		from, ok := old[f.Path]
		if !ok || f.Before == nil {
			continue
		}
		gone := change.File{Path: from, Verdict: change.Deleted, Reason: "it is " + f.Path + " now", Before: f.Before}
		if f.Verdict == change.Updated || f.Verdict == change.Same {
			c.Files[i].Verdict = change.Created
		}
		c.Files[i].Before = nil
		c.Files = append(c.Files, gone)
	}
	return c
}
