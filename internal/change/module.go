package change

import (
	"maps"
	"path"

	"github.com/startkit/startkit/internal/tree"
)

// Module is what the go command reads of a module: two files that only make
// sense together.
type Module struct{ Mod, Sum []byte }

// ModuleMerger merges the files of a module. Merged is the user's repository
// as it will be, these two files excepted; what its Go files import is what the
// module must provide. The notes are for a person to read. An error says that
// the files cannot be read as what they are; they are then merged by lines.
type ModuleMerger func(base, ours, theirs Module, merged tree.Tree) (m Module, notes []string, err error)

// settleModules has the files of every module merged that both sides changed.
// Here internal/gomod is plugged in, as Options.Module.
func (c *Change) settleModules(base, ours, theirs tree.Tree, o Options) {
	if o.Module == nil {
		return
	}
	for i := range c.Files {
		mod := &c.Files[i]
		if path.Base(mod.Path) != "go.mod" || mod.From != "" {
			continue
		}
		sum := c.find(path.Join(path.Dir(mod.Path), "go.sum"))
		if !mod.open() && (sum == nil || !sum.open()) || mod.Before == nil {
			continue
		}
		at := func(t tree.Tree) Module {
			m := Module{Mod: t[mod.Path].Data}
			if sum != nil {
				m.Sum = t[sum.Path].Data
			}
			return m
		}
		merged, notes, err := o.Module(at(base), at(ours), at(theirs), c.after(ours))
		if err != nil {
			mod.Notes = append(mod.Notes, "merged by lines: "+err.Error())
			continue
		}
		mod.settle(merged.Mod)
		mod.Notes = notes
		if sum != nil {
			sum.settle(merged.Sum)
		}
	}
}

// open says whether a file holds changes of both sides.
func (f *File) open() bool { return f.Verdict == Merged || f.Verdict == Conflicted }

// settle puts in other data than the line merge made.
func (f *File) settle(data []byte) {
	if f.Before == nil {
		return
	}
	after := *f.Before
	after.Data, after.Lines = data, nil
	f.After, f.Conflicts = &after, nil
	f.Verdict, f.Reason = Merged, "your requirements and what is new"
	if !f.Writes() {
		f.Verdict, f.Reason, f.After = Kept, "what is new is in it already", f.Before
	}
}

func (c *Change) find(path string) *File {
	for i := range c.Files {
		if c.Files[i].Path == path {
			return &c.Files[i]
		}
	}
	return nil
}

// after is the user's repository as it will be.
func (c *Change) after(ours tree.Tree) tree.Tree {
	out := maps.Clone(ours)
	for _, e := range c.Edits() {
		if delete(out, e.Path); e.After != nil {
			out[e.Path] = *e.After
		}
	}
	return out
}
