package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// List returns the paths of the regular files below root whose names end in
// suffix, in order. Folders that hold no code of the repository's own module
// are left out: hidden ones, vendor, testdata, node_modules, other modules.
func List(root, suffix string) ([]string, error) {
	var list []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == root {
			return err
		}
		if d.IsDir() && foreign(p, d.Name()) {
			return fs.SkipDir
		}
		if d.Type().IsRegular() && strings.HasSuffix(p, suffix) {
			rel, err := filepath.Rel(root, p)
			list = append(list, filepath.ToSlash(rel))
			return err
		}
		return nil
	})
	return list, err
}

// foreign says whether a folder holds none of the module's packages.
func foreign(path, name string) bool {
	if name[0] == '.' || name[0] == '_' || name == "vendor" || name == "testdata" || name == "node_modules" {
		return true
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return !errors.Is(err, fs.ErrNotExist)
}
