package catalog

import (
	"io/fs"
	"path"
	"strings"

	"github.com/startkit/startkit/internal/manifest"
)

// readFiles reads what stands below the feature's folder.
func (f *Feature) readFiles(root fs.FS) error {
	for _, kind := range []string{"files", "seed"} {
		err := walk(root, path.Join(f.Dir, kind), func(source, rel, text string) error {
			target, tmpl := strings.CutSuffix(rel, ".tmpl")
			f.Templates = append(f.Templates, Template{Source: source, Path: target, Text: text, Seed: kind == "seed", Plain: !tmpl})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return walk(root, path.Join(f.Dir, "into"), func(source, rel, text string) error {
		slot, tmpl := strings.CutSuffix(path.Base(rel), ".tmpl")
		if !tmpl || path.Dir(rel) == "." {
			return &manifest.Error{File: source, Line: 1, What: "what stands below into/ is named into/FILE/SLOT.tmpl"}
		}
		f.Fragments = append(f.Fragments, Fragment{Source: source, Target: path.Dir(rel), Slot: slot, Text: text})
		return nil
	})
}

// walk calls fn for every file below dir; a folder that is not there is empty.
func walk(root fs.FS, dir string, fn func(source, rel, text string) error) error {
	if _, err := fs.Stat(root, dir); err != nil {
		return nil
	}
	return fs.WalkDir(root, dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		return fn(p, strings.TrimPrefix(p, dir+"/"), string(data))
	})
}
