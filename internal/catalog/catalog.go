// Package catalog reads templates/ into features and refuses what does not fit
// together, with file and line. It decides nothing about any repository: that
// is plan's work.
//
//	fs.FS -> Feature (Env, Require, Template, Fragment) -> Catalog
//
// A folder that holds a feature.mod is a feature, and the folder's path is
// where it stands among the layers: templates/cache/redis is the feature redis
// of the layer cache. Below it, files/ holds whole files that follow updates,
// seed/ holds whole files that are the user's once they are written, and
// into/FILE/SLOT.tmpl holds what the feature adds to a file of another one.
package catalog

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// Catalog is every feature that this binary carries.
type Catalog struct {
	// Features are sorted by name.
	Features []*Feature

	byName map[string]*Feature // by name and by alias
}

// Feature is one folder of templates/.
type Feature struct {
	Name    string
	Alias   string // another name for it on the command line, or ""
	Summary string // one line, without a full stop
	Ask     string // how a question offers it; "" when it is never offered
	Doc     string // the comment at the head of feature.mod
	Dir     string // the folder, below templates/
	Layer   string // the first element of Dir

	// Part says that it is a part of others: it comes along with them and
	// cannot be asked for.
	Part bool

	Provides, Needs, After, Conflicts []string

	// With are the features that bring a part along where all of them are.
	With []string

	// Default are those of Provides for which the feature is taken when
	// something needs one and none was chosen.
	Default []string

	Env       []Env
	Require   []module.Version
	Templates []Template
	Fragments []Fragment
}

// Domain says whether the feature is rendered once for each domain that asks
// for it, and not once for the repository: a ready-made domain has a name of
// its own in its paths.
func (f *Feature) Domain() bool {
	named := func(t Template) bool { return strings.Contains(t.Path, "{domain}") }
	return f.Layer == "domain" && slices.ContainsFunc(f.Templates, named)
}

// Env is one environment variable that the generated program reads.
type Env struct {
	Name    string
	Type    string // the Go type of its field: string, int, bool, time.Duration, Secret
	Default string // as the environment would spell it
	Doc     string // what it means; whole sentences
	Secret  bool   // never printed
	// Required says that the program does not start without it; Default is
	// then only an example.
	Required bool
}

// Template is a whole file.
type Template struct {
	Source string // the template's path below templates/
	Path   string // the file's path in the repository, with {variables}
	Text   string
	Seed   bool // written once, the user's from then on
	Plain  bool // copied as it is: the source does not end in .tmpl
}

// Fragment is what a feature adds to a file of another feature.
type Fragment struct {
	Source string
	Target string // the path of the file, with {variables}
	Slot   string
	Text   string
}

// Load reads the features below the root of a file system.
func Load(root fs.FS) (*Catalog, error) {
	c := &Catalog{byName: map[string]*Feature{}}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(p) != "feature.mod" {
			return err
		}
		f, err := readFeature(root, path.Dir(p))
		if err != nil {
			return err
		}
		c.Features = append(c.Features, f)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(c.Features, func(a, b *Feature) int { return strings.Compare(a.Name, b.Name) })
	return c, c.check()
}

// Find returns the feature of that name or alias, or nil.
func (c *Catalog) Find(name string) *Feature { return c.byName[name] }

// Providers returns the features that a need can be met by: the feature of
// that name, else the ones that provide it, sorted by name.
func (c *Catalog) Providers(need string) []*Feature {
	if f := c.byName[need]; f != nil {
		return []*Feature{f}
	}
	var list []*Feature
	for _, f := range c.Features {
		if slices.Contains(f.Provides, need) {
			list = append(list, f)
		}
	}
	return list
}

// Names returns the names of the features that can be asked for by name,
// sorted: all but parts, and the ones that are rendered for a domain.
func (c *Catalog) Names() []string {
	names := map[string]bool{}
	for _, f := range c.Features {
		if !f.Domain() && !f.Part {
			names[f.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Together returns those of Names that can stand in one plan: of two that
// exclude each other, the first.
func (c *Catalog) Together() []string {
	var names []string
	for _, name := range c.Names() {
		f := c.byName[name]
		if !slices.ContainsFunc(names, func(other string) bool { return exclusive(f, c.byName[other]) }) {
			names = append(names, name)
		}
	}
	return names
}
