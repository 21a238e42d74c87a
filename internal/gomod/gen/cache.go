package main

import (
	"bytes"
	"go/version"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
)

// cache reads the module cache. What lies there was checked against go.sum
// and the checksum database by the go command that put it there.
type cache struct {
	dir   string
	files map[module.Version]modFile
}

// modFile returns what the go.mod of a module version says.
func (c *cache) modFile(m module.Version) (modFile, error) {
	if f, ok := c.files[m]; ok {
		return f, nil
	}
	data, err := os.ReadFile(c.download(m, ".mod"))
	if err != nil {
		return modFile{}, err
	}
	parsed, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return modFile{}, err
	}
	f := modFile{Unpruned: parsed.Go == nil || version.Compare("go"+parsed.Go.Version, "go1.17") < 0}
	for _, r := range parsed.Require {
		f.Require = append(f.Require, r.Mod)
	}
	c.files[m] = f
	return f, nil
}

// modSum returns the checksum of the go.mod of a module version.
func (c *cache) modSum(m module.Version) (string, error) {
	data, err := os.ReadFile(c.download(m, ".mod"))
	if err != nil {
		return "", err
	}
	return dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	})
}

// zipSum returns the checksum of the zip of a module version.
func (c *cache) zipSum(m module.Version) (string, error) {
	data, err := os.ReadFile(c.download(m, ".ziphash"))
	return strings.TrimSpace(string(data)), err
}

// has says whether the module version is unpacked in the cache.
func (c *cache) has(m module.Version) bool {
	_, err := os.Stat(c.download(m, ".ziphash"))
	return err == nil
}

// packageDir returns the folder in which a module version would hold a
// package, and whether there is a Go file in it, whatever its build tags.
func (c *cache) packageDir(m module.Version, pkg string) (string, bool) {
	path, version := escape(m)
	sub := strings.TrimPrefix(pkg, m.Path)
	dir := filepath.Join(c.dir, filepath.FromSlash(path)+"@"+version, filepath.FromSlash(sub))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return dir, false
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") && e.Type()&fs.ModeType == 0 {
			return dir, true
		}
	}
	return dir, false
}

// download returns the address of a file about a module version in the
// download half of the cache.
func (c *cache) download(m module.Version, ext string) string {
	path, version := escape(m)
	return filepath.Join(c.dir, "cache", "download", filepath.FromSlash(path), "@v", version+ext)
}

// escape spells a module version as file names do. A version that came out of
// a go.mod has been checked, so that nothing can go wrong; if it does, the
// name is not found.
func escape(m module.Version) (path, version string) {
	path, _ = module.EscapePath(m.Path)
	version, _ = module.EscapeVersion(m.Version)
	return path, version
}
