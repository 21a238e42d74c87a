package gomod

import (
	"fmt"
	"go/version"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// editMod writes the outcome into the go.mod of ours.
func (m *merger) editMod() ([]byte, error) {
	f := m.ours.file
	if err := m.editGo(f); err != nil {
		return nil, err
	}
	if err := m.editIgnore(f); err != nil {
		return nil, err
	}
	var rows []*modfile.Require
	for path, r := range m.rows {
		v := module.Version{Path: path, Version: r.version}
		rows = append(rows, &modfile.Require{Mod: v, Indirect: r.indirect})
	}
	// The go command edits with the same call, so that its next edit moves
	// nothing.
	f.SetRequireSeparateIndirect(rows)
	f.Cleanup()
	return f.Format()
}

// editGo settles the go line, of which the higher wins, and the toolchain line,
// which stays the owner's once he has touched it.
func (m *merger) editGo(f *modfile.File) error {
	o, t := goLine(f), goLine(m.theirs.file)
	if version.Compare("go"+o, "go"+t) < 0 {
		if err := f.AddGoStmt(t); err != nil {
			return fmt.Errorf("set the go line: %w", err)
		}
	}
	if toolchain(f) != toolchain(m.base.file) {
		return nil
	}
	if m.theirs.file.Toolchain == nil {
		f.DropToolchainStmt()
		return nil
	}
	if err := f.AddToolchainStmt(m.theirs.file.Toolchain.Name); err != nil {
		return fmt.Errorf("set the toolchain line: %w", err)
	}
	return nil
}

func goLine(f *modfile.File) string {
	if f.Go == nil {
		return ""
	}
	return f.Go.Version
}

func toolchain(f *modfile.File) string {
	if f.Toolchain == nil {
		return ""
	}
	return f.Toolchain.Name
}

// editIgnore adds and drops the ignore lines that theirs does.
func (m *merger) editIgnore(f *modfile.File) error {
	base, theirs := ignores(m.base.file), ignores(m.theirs.file)
	for _, path := range theirs {
		if !slices.Contains(base, path) {
			if err := f.AddIgnore(path); err != nil {
				return fmt.Errorf("add the ignore line of %s: %w", path, err)
			}
		}
	}
	for _, path := range base {
		if !slices.Contains(theirs, path) {
			if err := f.DropIgnore(path); err != nil {
				return fmt.Errorf("drop the ignore line of %s: %w", path, err)
			}
		}
	}
	return nil
}

func ignores(f *modfile.File) []string {
	var paths []string
	for _, i := range f.Ignore {
		paths = append(paths, i.Path)
	}
	return paths
}
